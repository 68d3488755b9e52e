import type { CommandInfo, CommandPort } from '@promptbin/core';
import { expect, test } from 'vitest';
import { Catalog } from '../src/catalog.ts';

const info = (name: string, plugin?: string): CommandInfo => ({
  name,
  summary: name,
  effect: 'read',
  input: { type: 'object' },
  ...(plugin === undefined ? {} : { plugin }),
});

/** A port whose questions are answered by hand. */
function asked(): {
  port: CommandPort;
  questions: PromiseWithResolvers<readonly CommandInfo[]>[];
  arrived(): Promise<void>;
} {
  const questions: PromiseWithResolvers<readonly CommandInfo[]>[] = [];
  const commands = (): Promise<readonly CommandInfo[]> => {
    const question = Promise.withResolvers<readonly CommandInfo[]>();
    questions.push(question);
    return question.promise;
  };
  const port: CommandPort = {
    commands,
    call: async () => ({ ok: true, value: undefined }),
    async *subscribe() {},
  };
  return { port, questions, arrived: () => new Promise((resolve) => setImmediate(resolve)) };
}

test('it has the commands of plugins, and keeps them while there is no manager', async () => {
  const { port, questions, arrived } = asked();
  const seen: number[] = [];
  const catalog = new Catalog(port, () => seen.push(catalog.commands.length));
  expect([catalog.isKnown, catalog.commands]).toEqual([false, []]);
  const first = catalog.confirm(60_000);
  await arrived();
  questions[0]?.resolve([info('process.list'), info('note.list', 'notes')]);
  expect(await first).toBeUndefined();
  expect(catalog.commands.map(({ name }) => name)).toEqual(['note.list']);

  const second = catalog.confirm(60_000);
  await arrived();
  questions[1]?.reject(new Error('ECONNREFUSED'));
  expect(await second).toMatchObject({ code: 'PB_MANAGER_GONE', message: expect.stringContaining('ECONNREFUSED') });
  expect(catalog.isKnown).toBe(true);
  expect(catalog.commands).toHaveLength(1);
  expect(seen).toEqual([1]);
});

test('a question is put when the one before is answered, so that the newest answer counts', async () => {
  const { port, questions, arrived } = asked();
  const catalog = new Catalog(port, () => {});
  void catalog.refresh();
  const last = catalog.refresh();
  await arrived();
  expect(questions).toHaveLength(1);
  questions[0]?.resolve([info('old.one', 'old')]);
  await arrived();
  questions[1]?.resolve([info('new.one', 'new')]);
  await last;
  expect(catalog.commands.map(({ name }) => name)).toEqual(['new.one']);
});

test('who waits does so for the question that is under way, and not for longer than told', async () => {
  const { port, questions, arrived } = asked();
  const catalog = new Catalog(port, () => {});
  await catalog.known(1);
  await catalog.known(1);
  expect(questions).toHaveLength(1);
  expect(await catalog.confirm(1)).toEqual({
    code: 'PB_WAIT_TIMEOUT',
    message: 'The manager has not told its commands within 1 ms.',
    hint: 'Call again in a few seconds.',
  });
  const known = catalog.known(60_000);
  questions[0]?.resolve([]);
  await arrived();
  questions[1]?.resolve([]);
  await known;
  expect(catalog.isKnown).toBe(true);
});
