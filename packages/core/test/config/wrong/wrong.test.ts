import { describe, expect, test } from 'vitest';
import { jsonMistakes } from './json.ts';
import { layerMistakes } from './layers.ts';
import { moduleMistakes } from './module.ts';
import { pluginMistakes } from './plugins.ts';
import { secretMistakes } from './secrets.ts';
import { setMistakes } from './set.ts';
import { syntaxMistakes } from './syntax.ts';
import { mistakesIn, refusalOf } from './table.ts';
import { yamlMistakes } from './yaml.ts';

describe.each([
  ['JSON', jsonMistakes],
  ['YAML', yamlMistakes],
  ['TypeScript and JavaScript', moduleMistakes],
  ['plugins', pluginMistakes],
  ['extends and package.json', layerMistakes],
  ['--set', setMistakes],
  ['secrets', secretMistakes],
  ['syntax', syntaxMistakes],
])('%s', (_, rows) => {
  test.each(rows)('$name', async ({ says, ...wrong }) => {
    expect(await mistakesIn(wrong)).toEqual(says);
  });
});

test.each(secretMistakes)('no secret is shown: $name', async (wrong) => {
  const { message, issues } = await refusalOf(wrong);
  expect(JSON.stringify([wrong.files, wrong.set])).toContain('abc-123');
  expect(JSON.stringify([message, issues])).not.toContain('abc-123');
});
