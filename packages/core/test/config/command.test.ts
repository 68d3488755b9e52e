import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { textsOf } from './mistakes.ts';

async function split(command: string, shell = false): Promise<readonly string[]> {
  const { resolved } = await resolveConfig({ processes: { web: { command, shell } } }, { root: '/project' });
  const { command: program = '', args = [] } = resolved.processes.web ?? {};
  return [program, ...args];
}

test.each([
  ['flask --app app run', ['flask', '--app', 'app', 'run']],
  ["sh -c 'echo $HOME | cat'", ['sh', '-c', 'echo $HOME | cat']],
  ['echo "" \'a b\' c"d e"', ['echo', '', 'a b', 'cd e']],
  ['serve --port {port}', ['serve', '--port', '{port}']],
  ['find . -exec touch {} ;', ['find', '.', '-exec', 'touch', '{}', ';']],
])('%j is split as %j', async (command, words) => {
  expect(await split(command)).toEqual(words);
});

test('a command for the shell stays whole', async () => {
  expect(await split('cd web && exec npm start', true)).toEqual(['cd web && exec npm start']);
});

test.each([
  ['cd web && npm start', '&&'],
  ['npm start | tee log', '|'],
  ['npm start > log 2>&1', '>'],
])('%j needs a shell', async (command, word) => {
  expect(await textsOf({ processes: { web: { command } } })).toEqual([
    `processes.web.command has "${word}", which means something to a shell only, and none runs it. ` +
      'Set "shell" to true, or write the command as a list if the word is meant as it is.',
  ]);
});

test('a quote needs its end', async () => {
  expect(await textsOf({ processes: { web: { command: 'echo "a b' } } })).toEqual([
    'processes.web.command has a quote without its end: "echo \\"a b". Close the quote, or write the command as a list of words.',
  ]);
});

test('a list and a shell do not go together', async () => {
  expect(await textsOf({ processes: { web: { command: ['npm', 'start'], shell: true } } })).toEqual([
    'processes.web.command is a list, but "shell" is true, and a shell takes one text. ' +
      'Write the command as one text, or take "shell" out.',
  ]);
});
