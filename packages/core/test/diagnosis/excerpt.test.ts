import type { OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/diagnosis/excerpt.ts';

const lines = (...texts: readonly string[]): readonly OutputLine[] =>
  texts.map((text, index) => ({ seq: index + 1, at: 0, name: 'web', generation: 1, stream: 'err', text }));
const texts = (chosen: readonly OutputLine[]): readonly string[] => chosen.map(({ text }) => text);
const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

test('the evidence is shown with what stands around it, in order, and not the last lines', () => {
  const written = lines(...numbered(1, 20), 'boom at 7', ...numbered(22, 60));
  const chosen = excerpt(written, ['boom at 7'], 5);
  expect(texts(chosen)).toEqual(['line 19', 'line 20', 'boom at 7', 'line 22', 'line 23']);
  expect(chosen.map(({ seq }) => seq)).toEqual([19, 20, 21, 22, 23]);
});

test('all of the evidence comes before any other line', () => {
  const written = lines('first', ...numbered(2, 30), 'second', ...numbered(32, 60));
  expect(texts(excerpt(written, ['first', 'second'], 2))).toEqual(['first', 'second']);
});

test('of what was written again and again the newest counts', () => {
  const written = lines('boom', ...numbered(2, 9), 'boom');
  expect(excerpt(written, ['boom'], 1)).toMatchObject([{ seq: 10 }]);
});

test('colours and what is set in make no difference', () => {
  const written = lines('ok', '\u001B[31m  boom\u001B[0m', ...numbered(3, 20));
  expect(excerpt(written, ['boom'], 1)).toMatchObject([{ seq: 2 }]);
});

test('without evidence the newest lines are shown, and no empty ones', () => {
  expect(texts(excerpt(lines(...numbered(1, 9), '', ' '), ['a probe said so'], 2))).toEqual(['line 8', 'line 9']);
  expect(excerpt([], ['boom'], 10)).toEqual([]);
});
