import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findExampleMistakes } from '../checks/config-examples.ts';
import { configPage } from '../checks/config-page.ts';
import { compileCodeBlocks, findPageMistakes } from '../checks/docs.ts';

const repository = join(import.meta.dirname, '..', '..');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What is wrong with a page in `docs`, beside `app.ts` and `app.test.ts`. */
function mistakesOf(text: string): string[] {
  const root = folder();
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'app.ts'), 'export const one = 1;\n');
  writeFileSync(join(root, 'src', 'app.test.ts'), "test('one is one', () => {});\n");
  return findPageMistakes(root, [{ file: 'docs/page.md', text }]);
}

test.each([
  'a [link](../src/app.ts), [another](../src/app.ts#L1), [one to a heading](#here), [one outside](https://example.com/)',
  '| [app](../src/app.test.ts) › one is one<br>[app](../src/app.test.ts) › is one |',
  '```ts\n// src/app.ts\nexport const one = 1;\n```\n',
])('what is so is no mistake: %j', (text) => {
  expect(mistakesOf(text)).toEqual([]);
});

test.each([
  ['[gone](gone.md)', 'docs/page.md: no file gone.md'],
  ['| [app](../src/app.test.ts) › two is two |', 'docs/page.md: no test "two is two" in ../src/app.test.ts'],
  ['```ts\n// src/app.ts\nexport const one = 2;\n```\n', 'docs/page.md: quotes src/app.ts as it is not'],
])('what is not so is told: %j', (text, mistake) => {
  expect(mistakesOf(text)).toEqual([mistake]);
});

test('a code block that does not compile is told by page and number', async () => {
  const text =
    "```ts\nexport const one: 1 = 1;\n```\n\n```ts\nimport '@promptbin/core';\n\nexport const two: 2 = 1;\n```\n";
  const compiled = compileCodeBlocks(repository, join(folder(), 'code'), [{ file: 'docs/page.md', text }]);
  await expect(compiled).rejects.toThrow(/docs-page\.md-2\.mts\(3,14\)/);
});

test('every config in a page is resolved, and what is wrong with one is told by page and number', async () => {
  const yaml = (text: string): string => `\`\`\`yaml\n${text}\n\`\`\`\n`;
  const text = [
    '```yaml base.yaml\nprocesses: { web: { command: sleep 1, envFile: web.env } }\n```\n',
    yaml('extends: base.yaml\nplugins: ["@promptbin/plugin-restart"]\nprocesses: { web: { restart: always } }'),
    yaml('processes: { web: { comand: sleep 1 } }'),
    '```json\n{ "mcpServers": {} }\n```\n',
  ].join('\n');
  const mistakes = (file: string): Promise<string[]> => findExampleMistakes(repository, folder(), [{ file, text }]);
  const wrong = [
    expect.stringMatching(/^docs\/page\.md, example 3: [\s\S]*unknown key "comand"\. Did you mean "command"\?/),
  ];
  expect(await mistakes('docs/page.md')).toEqual(wrong);
  const wrongHere = [expect.stringContaining('unknown key "comand"'), `${configPage}, example 4: is no config`];
  expect(await mistakes(configPage)).toEqual(wrongHere);
});
