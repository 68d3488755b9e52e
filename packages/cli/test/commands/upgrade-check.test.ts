import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { version } from '../../src/version.ts';
import { type Finished, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

/** Asks a registry that knows of this version; undefined: one that knows of none. */
async function check(latest: string | undefined, ...flags: readonly string[]): Promise<Finished> {
  const registry = createServer((_request, response) => {
    const versions = latest === undefined ? {} : { [latest]: { name: 'promptbin', version: latest } };
    response.statusCode = latest === undefined ? 404 : 200;
    response.end(JSON.stringify({ name: 'promptbin', 'dist-tags': { latest }, versions }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void registry.close());
  await once(registry, 'listening');
  const { port } = registry.address() as AddressInfo;
  project = await Project.create({});
  const env = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: `${project.root}/cache` };
  return project.spawn(['upgrade-check', ...flags], env).finished;
}

test.each([
  ['99.10.0', /^promptbin 99\.10\.0 is there; this is .*npm install promptbin@99\.10\.0\n$/],
  [version, /^promptbin .* is the newest\.\n$/],
  ['0.0.1', /^promptbin .* is the newest\.\n$/],
])('where the newest is %s, it says so', async (latest, told) => {
  const { code, stdout, stderr } = await check(latest);
  expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(told)]);
});

test('tells programs', async () => {
  const { stdout } = await check('99.0.0', '--json');
  expect(JSON.parse(stdout)).toEqual({ version: 1, ok: true, current: version, newest: '99.0.0', isNewer: true });
});

test('a registry that does not tell is exit code 1, with what npm says', async () => {
  const { code, stdout, stderr } = await check(undefined);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error: npm cannot tell the newest version: .*404.*\n.*npm view promptbin version\n$/);
});
