import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeConfig, project } from './project.ts';

// What is awaited before it is the start of a thread.
const limitMs = 2_000;

test('a config that loads', async () => {
  const root = await project({
    'promptbin.config.ts': "import { n } from './n.ts';\nexport default ({ mode }: { mode: string }) => ({ n, mode });",
    'n.ts': 'export const n: number = 1;',
  });
  await expect(probeConfig({ from: root, set: ['env.A=1'] })).resolves.toBeUndefined();
});

test.each([
  ['a loop', 'for (;;);', 'it did not finish loading within 2 s.'],
  ['a loop in a function', 'export default () => { for (;;); };', 'it did not finish loading within 2 s.'],
  ['an endless wait', 'await new Promise(() => {});', 'it did not finish loading within 2 s.'],
  ['an exit', 'process.exit(0);', 'it ended the process.'],
  ['no export', 'export const config = {};', 'it has no default export.'],
])('%s does not reach this thread', async (_, text, expected) => {
  const root = await project({ 'promptbin.config.mjs': text });
  await expect(probeConfig({ from: root, limitMs })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'promptbin.config.mjs')}: ${expected}`,
    hint: expect.any(String),
  });
});

test('a loop in a file that is extended is told as that', async () => {
  const root = await project({ 'promptbin.config.yaml': 'extends: ./base.mjs', 'base.mjs': 'for (;;);' });
  await expect(probeConfig({ from: root, limitMs })).rejects.toMatchObject({
    message: `${join(root, 'base.mjs')}: it did not finish loading within 2 s.`,
  });
});

test('an error that comes from nowhere', async () => {
  const text = 'setTimeout(() => { throw new Error("no luck today"); });\nawait new Promise(() => {});';
  const root = await project({ 'promptbin.config.mjs': text });
  await expect(probeConfig({ from: root })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'promptbin.config.mjs')}: no luck today.`,
  });
});

test('a rejection that nobody waits for', async () => {
  const text = 'Promise.reject(new Error("no luck today"));\nexport default {};';
  const root = await project({ 'promptbin.config.mjs': text });
  await expect(probeConfig({ from: root })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'promptbin.config.mjs')}: no luck today.`,
  });
});

test('what loadConfig rejects with comes through, with its details', async () => {
  const root = await project({ 'promptbin.config.json': '{ "extends": "./nothing.json" }' });
  await expect(probeConfig({ from: root })).rejects.toMatchObject({
    code: 'PB_CONFIG_INVALID',
    message: expect.stringContaining('which does not exist'),
    details: [{ path: 'extends', file: join(root, 'promptbin.config.json'), line: 1, column: 14 }],
  });
  await expect(probeConfig({ from: join(root, '.git') })).rejects.toMatchObject({ code: 'PB_CONFIG_INVALID' });
  await expect(probeConfig({ from: root, file: 'no.ts' })).rejects.toMatchObject({ code: 'PB_CONFIG_NOT_FOUND' });
});

test('what the config prints is not printed', async () => {
  const root = await project({ 'promptbin.config.mjs': 'console.log("PRINTED");\nexport default {};' });
  const written: unknown[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: unknown) => written.push(text) > 0) as typeof write;
  try {
    await probeConfig({ from: root });
  } finally {
    process.stdout.write = write;
  }
  expect(written.join('')).not.toContain('PRINTED');
});
