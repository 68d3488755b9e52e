import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

const core = join(import.meta.dirname, '..', '..', '..', 'core');
const moduleUrl = (...path: readonly string[]): string => JSON.stringify(pathToFileURL(join(core, ...path)).href);

const config = `
import { definePlugin, PromptbinError } from ${moduleUrl('src', 'index.ts')};
import * as z from ${moduleUrl('node_modules', 'zod', 'index.js')};
const note = (name, effect, shape, run) => ({ name, summary: name + ' of a note.', effect, input: z.strictObject(shape), run });
const notes = definePlugin({
  name: 'notes',
  options: z.undefined(),
  fields: z.undefined(),
  setup(ctx) {
    ctx.command(note('note.list', 'read', {}, () => ({
      summary: '2 notes',
      notes: [{ id: 7, title: 'seven' }, { id: 10, title: '\\u001b[2Jten', done: true }],
      more: { pages: [1, 2], text: '\\u001b[2Jescape' },
    })));
    ctx.command(note('note.echo', 'write', {
      id: z.int(), tags: z.array(z.string()).default([]), on: z.boolean().optional(), where: z.object({ line: z.number() }).optional(),
    }, (input) => input));
    ctx.command(note('note.drop', 'destructive', { id: z.string() }, ({ id }) => {
      if (id === '7') return;
      throw new PromptbinError('PB_RESOURCE_UNKNOWN', 'There is no note ' + id + '.', { hint: 'List them.', details: { left: 1 } });
    }));
    ctx.command(note('note.count', 'read', {}, () => 2));
  },
})();
export default { plugins: [notes], processes: { web: { command: ${JSON.stringify(fixture('server'))}, port: 'auto' } } };`;

let project: Project;
beforeAll(async () => {
  project = await Project.create({});
  await project.configure(config, 'mjs');
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

const call = (...args: string[]): ReturnType<Project['run']> => project.run('call', ...args);
const answer = async (...args: string[]): Promise<{ code: number | null; json: unknown }> => {
  const { code, stdout } = await call(...args, '--json');
  return { code, json: JSON.parse(stdout) };
};

describe('call', () => {
  test('without a command lists all, with what they may do', async () => {
    const { code, stdout } = await call();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^COMMAND +EFFECT +SUMMARY\nprocess\.list +read +All processes/);
    expect(stdout).toMatch(/^process\.stop +destructive +Stops/m);
    expect(stdout).toMatch(/^note\.echo +write +note\.echo of a note\.$/m);
    expect(stdout).toMatch(/^note\.drop +destructive +/m);
    const { json } = await answer();
    expect(json).toMatchObject({ version: 1, ok: true, commands: expect.any(Array) });
    expect((json as { commands: object[] }).commands.at(-2)).toMatchObject({
      name: 'note.drop',
      plugin: 'notes',
      effect: 'destructive',
      input: { properties: { id: { type: 'string' } } },
    });
  });

  test('shows the summary, what is simple as a table, and the rest as YAML, none of it able to move the cursor', async () => {
    const { code, stdout } = await call('note.list');
    expect([code, stdout.trimEnd().split('\n')]).toEqual([
      0,
      [
        '2 notes',
        'more:',
        '  pages: [1, 2]',
        '  text: "\\e[2Jescape"',
        'ID  TITLE  DONE',
        '7   seven  -',
        '10  ten    true',
      ],
    ]);
    expect((await call('note.count')).stdout).toBe('2\n');
    expect((await call('note.drop', 'id=7')).stdout).toBe('note.drop is done\n');
  });

  test("calls core's commands as well", async () => {
    expect((await call('process.start', 'name=web')).stdout).toMatch(/^web is ready at http:/);
    expect(await answer('process.get', 'name=web')).toMatchObject({
      code: 0,
      json: { version: 1, ok: true, value: { name: 'web', ready: true } },
    });
  });

  test.each([
    [['id=7'], { id: 7, tags: [] }],
    [['id=7', 'tags=5', 'tags=b=c', 'on=true'], { id: 7, tags: ['5', 'b=c'], on: true }],
    [['id=-7', 'where={"line":3}'], { id: -7, tags: [], where: { line: 3 } }],
  ])('reads input by the schema of the command: %j', async (given, value) => {
    expect(await answer('note.echo', ...given)).toEqual({ code: 0, json: { version: 1, ok: true, value } });
  });

  test.each([
    [['note.lsit'], 'PB_COMMAND_UNKNOWN', 'There is no command "note.lsit".\n  Did you mean "note.list"?'],
    [['note.echo', 'idd=7'], 'PB_COMMAND_INPUT', 'Did you mean "id"? Its fields: id, tags, on, where.'],
    [['note.echo', 'id=seven'], 'PB_COMMAND_INPUT', 'expected number, received string'],
    [['note.echo', 'id=1', 'id=2'], 'PB_COMMAND_INPUT', 'expected number, received array'],
    [['note.echo', '7'], 'PB_COMMAND_INPUT', '"7" names no field of the input.\n  Write it as key=value'],
    [['note.echo', '=7'], 'PB_COMMAND_INPUT', '"=7" names no field of the input.'],
    [['note.drop', 'id=8'], 'PB_RESOURCE_UNKNOWN', 'error: There is no note 8.\n  List them.\nleft: 1\n'],
  ])('%j is refused with exit code 2', async (args, code, message) => {
    const shown = await call(...args);
    expect([shown.code, shown.stdout, shown.stderr]).toEqual([2, '', expect.stringContaining(message)]);
    expect(await answer(...args)).toMatchObject({ code: 2, json: { version: 1, ok: false, error: { code } } });
  });

  test('what a failure came with is told to programs, too', async () => {
    expect((await answer('note.drop', 'id=8')).json).toEqual({
      version: 1,
      ok: false,
      error: { code: 'PB_RESOURCE_UNKNOWN', message: 'There is no note 8.', hint: 'List them.' },
      value: { left: 1 },
    });
  });

  test('without a manager ends with exit code 3', async () => {
    await using idle = await Project.create({});
    for (const args of [['call'], ['call', 'note.list']]) {
      const { code, stderr } = await idle.run(...args);
      expect([code, stderr]).toEqual([3, expect.stringContaining('promptbin up')]);
    }
    expect(JSON.parse((await idle.run('call', '--json')).stdout)).toMatchObject({ error: { code: 'PB_MANAGER_GONE' } });
  });
});
