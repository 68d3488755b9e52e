import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, defineConfig } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { prompts } from '../index.ts';

interface Kept extends Managed {
  readonly data: string;
  call(name: string, input?: object): Promise<CommandResult>;
  /** The value of a call that succeeds. */
  value<T = Value>(name: string, input?: object): Promise<T>;
}

interface Value {
  readonly summary: string;
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly created: string;
  readonly updated: string;
  readonly version: string;
  readonly characters: number;
  readonly nextOffset?: number;
  readonly total: number;
  readonly skipped: number;
  readonly prompts: readonly { readonly id: string; readonly title: string; readonly excerpt: string }[];
}

/** A manager with the plugin; the process does nothing but watch the folder. */
async function keep(): Promise<Kept> {
  const config = defineConfig({
    plugins: [fswatch(), prompts({ folder: 'data' })],
    processes: {
      web: {
        command: 'sleep 600',
        autostart: false,
        fswatch: { paths: ['data'], include: ['*.json'], action: 'notify' },
      },
    },
  });
  const managed = await manage(config);
  onTestFinished(() => managed[Symbol.asyncDispose]());
  const data = join(managed.root, 'data');
  await expect.poll(() => readdir(data).catch(() => undefined), { timeout: 30_000 }).toEqual([]);
  await expect.poll(() => managed.eventsOf('files.watched').length, { timeout: 30_000 }).toBe(1);
  const call: Kept['call'] = (name, input = {}) => managed.manager.call(name, input, { caller: 'test' });
  return {
    ...managed,
    data,
    call,
    async value<T>(name: string, input?: object) {
      const result = await call(name, input);
      expect(result).toMatchObject({ ok: true });
      return (result as { value: T }).value;
    },
  };
}

const good = { title: 'Review', body: 'Look at it' };

describe('a prompt', () => {
  test('is created, read, changed in part, found and deleted', async () => {
    const { value, call, data } = await keep();
    const created = await value('prompt.create', { ...good, title: '  Résumé ', tags: ['Code', 'code', 'git'] });
    expect(created).toMatchObject({ title: 'Résumé', category: '', tags: ['Code', 'git'] });
    expect(created.id).toMatch(/^resume-[0-9a-f]{8}$/);
    expect(await readdir(data)).toEqual([`${created.id}.json`]);

    const changed = await value('prompt.update', { id: created.id, version: created.version, category: 'Work' });
    expect(changed).toMatchObject({
      title: 'Résumé',
      category: 'Work',
      tags: ['Code', 'git'],
      created: created.created,
    });
    expect(changed.version).not.toBe(created.version);
    const { summary, ...head } = changed;
    expect(await value('prompt.get', { id: created.id })).toEqual({
      ...head,
      summary: 'Résumé',
      body: good.body,
      characters: 10,
    });
    expect(await value('prompt.read', { id: created.id })).toEqual({ ...head, body: good.body });

    const later = await value('prompt.create', { ...good, title: 'Later' });
    expect((await value('prompt.list')).prompts.map(({ title }) => title)).toEqual(['Later', 'Résumé']);
    expect((await value('prompt.search', { query: 'RÉSUMÉ look', tag: 'GIT' })).prompts).toHaveLength(1);
    expect(await value('prompt.list', { category: 'work' })).toMatchObject({ total: 1, summary: '1 of 1 prompts.' });

    expect(await value('prompt.delete', { id: later.id, version: later.version })).toMatchObject({ id: later.id });
    for (const name of ['prompt.get', 'prompt.read', 'prompt.update', 'prompt.delete']) {
      expect(await call(name, { id: later.id })).toMatchObject({ ok: false, error: { code: 'PB_RESOURCE_UNKNOWN' } });
    }
  });

  test('that somebody has changed is neither changed nor deleted, and the answer has what it is now', async () => {
    const { value, call } = await keep();
    const { id, version } = await value('prompt.create', good);
    const theirs = await value('prompt.update', { id, title: 'Theirs' });
    for (const result of [
      await call('prompt.update', { id, version, title: 'Mine' }),
      await call('prompt.delete', { id, version }),
    ]) {
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'PB_COMMAND_INPUT', hint: expect.stringContaining(theirs.version) },
        value: { current: { title: 'Theirs', body: good.body, version: theirs.version } },
      });
    }
    expect(await value('prompt.get', { id })).toMatchObject({ title: 'Theirs' });
  });

  test('with mistakes is refused, and all of them are told', async () => {
    const { call, data } = await keep();
    const result = await call('prompt.create', { title: ' ', body: '\n', tags: ['a,b'] });
    expect(result).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_INPUT' } });
    for (const mistake of ['A title is required.', 'The text is required.', 'A tag cannot hold a comma.']) {
      expect(JSON.stringify(result)).toContain(mistake);
    }
    for (const id of ['../secret', 'a/b', 'A', '', 'a\u0000']) {
      expect(await call('prompt.get', { id })).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_INPUT' } });
      expect(await call('prompt.read', { id })).toMatchObject({ ok: false, error: { code: 'PB_RESOURCE_UNKNOWN' } });
    }
    expect(await readdir(data)).toEqual([]);
  });

  test('however long comes whole, in pieces that no client cuts', async () => {
    const { value } = await keep();
    const body = `${'\u0001🙂é"'.repeat(20_000)}end`;
    const { id } = await value('prompt.create', { ...good, body });
    let text = '';
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const piece: Value = await value('prompt.get', { id, offset });
      expect(Buffer.byteLength(JSON.stringify(piece))).toBeLessThan(40_000);
      text += piece.body;
      offset = piece.nextOffset;
    }
    expect(text).toBe(body);
  });

  test('is one of many: lists are in pieces, too', async () => {
    const { value, data } = await keep();
    const tags = Array.from({ length: 20 }, (_, index) => `${index} ${'語'.repeat(36)}`);
    const { id } = await value('prompt.create', { ...good, title: '語'.repeat(200), tags });
    const content = await readFile(join(data, `${id}.json`));
    for (let copy = 0; copy < 30; copy += 1) await writeFile(join(data, `copy-${copy}.json`), content);
    const ids = new Set<string>();
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const page: Value = await value('prompt.list', { offset });
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(40_000);
      expect(page.total).toBe(31);
      for (const prompt of page.prompts) ids.add(prompt.id);
      offset = page.nextOffset;
    }
    expect(ids.size).toBe(31);
  });
});

test('what cannot be read is skipped and counted; a folder that is gone is no empty one', async () => {
  const { value, call, data, root } = await keep();
  await value('prompt.create', good);
  await mkdir(join(data, 'folder.json'));
  await writeFile(join(data, 'cut.json'), '{"title": "cu');
  await writeFile(join(data, 'Bad Name.json'), '{}');
  await writeFile(join(data, 'huge.json'), ' '.repeat(2 << 20));
  await writeFile(join(data, '.half.json'), '');
  await writeFile(join(data, 'notes.txt'), '');
  expect(await value('prompt.list')).toMatchObject({
    total: 1,
    skipped: 4,
    summary: '1 of 1 prompts; 4 files cannot be read.',
  });

  await rm(join(root, 'data'), { recursive: true });
  expect(await call('prompt.list')).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_FAILED' } });
  expect(await call('prompt.create', good)).toMatchObject({ ok: false, error: { code: 'PB_LOCK_UNWRITABLE' } });
});

test('every change is told once, whoever has made it', async () => {
  const { value, data, eventsOf } = await keep();
  // What is watched is a resource, too: not ours.
  const told = (): unknown[] =>
    eventsOf('resource.changed').filter((change) => !change.uris.includes('promptbin://watches'));
  const seen = (files: number): Promise<void> =>
    expect.poll(() => eventsOf('files.changed').length, { timeout: 30_000 }).toBe(files);
  const uris = (id: string): string[] => ['promptbin://prompts', `promptbin://prompts/${id}`];

  const { id } = await value('prompt.create', good);
  await expect.poll(told, { timeout: 30_000 }).toEqual([{ uris: uris(id), listChanged: true }]);
  await seen(1);
  await value('prompt.update', { id, title: 'Other' });
  await expect.poll(() => told().at(-1), { timeout: 30_000 }).toEqual({ uris: uris(id) });
  await seen(2);

  const content = await readFile(join(data, `${id}.json`), 'utf8');
  await writeFile(join(data, 'by-hand.json'), content);
  await expect.poll(() => told().at(-1), { timeout: 30_000 }).toEqual({ uris: uris('by-hand'), listChanged: true });
  await writeFile(join(data, `${id}.json`), content.replace('Look', 'Gaze'));
  await expect.poll(() => told().at(-1), { timeout: 30_000 }).toEqual({ uris: uris(id) });
  await unlink(join(data, 'by-hand.json'));
  await expect.poll(() => told().at(-1), { timeout: 30_000 }).toEqual({ uris: uris('by-hand'), listChanged: true });
  await writeFile(join(data, 'No Id.json'), content);
  await expect
    .poll(() => told().at(-1), { timeout: 30_000 })
    .toEqual({ uris: ['promptbin://prompts'], listChanged: true });
  // What the folder has shown of our own writes was no news.
  expect(told()).toHaveLength(6);
  expect(eventsOf('files.changed')).toHaveLength(6);
});
