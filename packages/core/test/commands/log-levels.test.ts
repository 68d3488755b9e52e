import type { OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';
import { LevelReader } from '../../src/commands/log-levels.ts';
import { lines } from './line.ts';

const levelsOf = (told: readonly OutputLine[]): readonly string[] => {
  const reader = new LevelReader();
  return told.map((line) => reader.read(line));
};

test('what is indented and tracebacks belong to the line that began them', () => {
  const told = lines(
    'INFO:root:started',
    'Listening on 5000',
    'ERROR:root:Exception on / [GET]',
    'Traceback (most recent call last):',
    '  File "app.py", line 3, in index',
    '    return INFO',
    'KeyError: 1',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    'Traceback (most recent call last):',
    '  File "app.py", line 9, in index',
    'ours.Failure: gone',
    'INFO:root:goes on',
    '  with more',
    'WARNING:root:late',
  );
  expect(levelsOf(told).join(' ')).toBe(`info info ${Array(11).fill('error').join(' ')} info info warn`);
});

test('a traceback alone is an error, and so is the stack of Node below its error', () => {
  expect(
    levelsOf(
      lines('ready', 'Traceback (most recent call last):', '  File "a.py", line 1', 'ours.Failure: gone', 'after'),
    ),
  ).toEqual(['info', 'error', 'error', 'error', 'info']);
  expect(levelsOf(lines('Error: boom', '    at run (/srv/a.js:1:2)', '    at /srv/b.js:3:4'))).toEqual(
    Array(3).fill('error'),
  );
});

test('a panic of Go is fatal to its end', () => {
  const told = lines(
    'ready',
    'panic: no',
    '',
    'goroutine 1 [running]:',
    'main.main()',
    '\t/srv/main.go:5 +0x1d',
    'exit status 2',
  );
  expect(levelsOf(told)).toEqual(['info', ...Array(6).fill('fatal')]);
});

test('the streams do not get into each other, nor do runs', () => {
  const [first, second, third, fourth] = lines('ERROR:root:x', '  of out', '  of err', '  of another run');
  if (!first || !second || !third || !fourth) throw new Error('four lines');
  const told = [first, { ...third, stream: 'err' as const }, second, { ...fourth, generation: 2 }];
  expect(levelsOf(told)).toEqual(['error', 'info', 'error', 'info']);
});
