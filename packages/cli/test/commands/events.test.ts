import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

const core = join(import.meta.dirname, '..', '..', '..', 'core');
const moduleUrl = (...path: readonly string[]): string => JSON.stringify(pathToFileURL(join(core, ...path)).href);
const web = { command: fixture('server'), port: 'auto' } as const;

interface Told {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: { readonly name?: string; readonly missed?: number };
}

function parse(stdout: string): readonly Told[] {
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('events', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create({ web, other: { command: 'sleep 600' } });
    await project.run('up', '--detach');
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('are a line each, with the time and a sentence', async () => {
    const { code, stdout } = await project.run('events');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}web spawned \(pid \d+\) for http:/m);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}other is ready$/m);
  });

  test('are those of the processes that are named, and the newest of them', async () => {
    const { stdout } = await project.run('events', 'other', '-n', '1');
    expect(stdout).toMatch(/^\S+ {2}other is ready\n$/);
    expect((await project.run('events', '-n', '0')).stdout).toBe('');
    const both = parse((await project.run('events', 'web', 'other', '--json', '-n', '500')).stdout);
    expect(new Set(both.map(({ data }) => data.name))).toEqual(new Set(['web', 'other']));
  });

  test('are facts without a gap for programs, which go on where they have stopped', async () => {
    const all = parse((await project.run('events', '--json', '--after', '0')).stdout);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(all[0]).toMatchObject({ seq: 1, at: expect.any(Number), data: expect.any(Object) });
    const last = all.at(-1)?.seq ?? 0;
    expect((await project.run('events', '--json', '--after', `${last}`)).stdout).toBe('');
    await project.run('restart', 'web');
    const more = parse((await project.run('events', '--json', '--after', `${last}`)).stdout);
    expect(more[0]?.seq).toBe(last + 1);
    expect(more.map(({ type }) => type)).toContain('process.spawned');
  });

  test('are followed until the reader goes', async () => {
    const following = project.spawn(['events', 'web', '-f', '-n', '1']);
    await following.says(/web/);
    await project.run('restart', 'web');
    await following.says(/web is ending.*\n(?:.*\n)*.*web spawned/);
    expect(following.stdout).not.toContain('other');
    following.child.stdout?.destroy();
    await project.run('restart', 'web');
    expect((await following.finished).code).toBe(0);
  });

  test('after one that is still to come are of another manager, and all is told', async () => {
    const { code, stdout, stderr } = await project.run('events', '--after', '999999');
    expect([code, stderr]).toEqual([0, expect.stringContaining('999999 is of a manager that has ended')]);
    expect(stdout).toMatch(/web spawned/);
  });

  test('of a mistyped name, or after what is no number, suggest, with exit code 2', async () => {
    const mistyped = await project.run('events', 'wbe');
    expect([mistyped.code, mistyped.stderr]).toEqual([2, expect.stringContaining('Did you mean "web"?')]);
    const told = await project.run('events', 'wbe', '--json');
    expect([told.code, JSON.parse(told.stdout)]).toMatchObject([
      2,
      { ok: false, error: { code: 'PB_PROCESS_UNKNOWN' } },
    ]);
    const odd = await project.run('events', '--after', 'web');
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('It is not a whole number.')]);
  });
});

describe('where events are missing', () => {
  let project: Project;
  afterEach(() => project[Symbol.asyncDispose]());

  test('a line says how many are no longer kept', async () => {
    project = await Project.create({});
    // As many as a manager keeps, and more.
    await project.configure(
      `import { definePlugin } from ${moduleUrl('src', 'index.ts')};
       import * as z from ${moduleUrl('node_modules', 'zod', 'index.js')};
       const talker = definePlugin({ name: 'talker', options: z.undefined(), fields: z.undefined(), setup(ctx) {
         for (let count = 0; count < 20_000; count += 1) ctx.emit('resource.changed', { uris: ['note://1'] });
       } })();
       export default { plugins: [talker], processes: {} };`,
      'mjs',
    );
    await project.run('up', '--detach');
    // The journal has them all; without it there is what is in memory.
    await rm(join(project.root, '.promptbin', 'journal'), { recursive: true });
    const [gap, next] = parse((await project.run('events', '--json', '--after', '7')).stdout);
    expect(gap).toMatchObject({ type: 'gap', at: next?.at, seq: 7 + (gap?.data.missed ?? 0) });
    expect(gap?.data.missed).toBeGreaterThan(10_000 - 7);
    expect(next?.seq).toBe((gap?.seq ?? 0) + 1);
    const { stdout } = await project.run('events', '--after', '7');
    expect(stdout).toMatch(/^… \d+ events are no longer kept\n/);
  });

  test('no manager is exit code 3', async () => {
    project = await Project.create({ web });
    expect((await project.run('events')).code).toBe(3);
  });
});
