import type { ProcessView } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { Board } from '../../src/top/board.ts';

const view = (name: string, desired: 'up' | 'down' = 'up'): ProcessView => ({ name, desired }) as ProcessView;

function boardOf(...views: readonly ProcessView[]): Board {
  const board = new Board();
  board.show(views);
  return board;
}

describe('the selection', () => {
  test('moves by arrows and letters, and not beyond the ends', () => {
    const board = boardOf(view('a'), view('b'), view('c'));
    const pressed = ['up', 'down', 'j', 'j', 'k'].map((key) => {
      board.press(key);
      return board.selected?.name;
    });
    expect(pressed).toEqual(['a', 'b', 'c', 'c', 'b']);
  });

  test('stays with its process when others come and go, and goes to the first when that is gone', () => {
    const board = boardOf(view('a'), view('b'));
    board.press('down');
    board.show([view('new'), view('a'), view('b')]);
    expect(board.selected?.name).toBe('b');
    board.show([view('new')]);
    expect(board.selected?.name).toBe('new');
    board.show([]);
    expect([board.selected, board.press('r'), board.press('l')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('what ends something', () => {
  test.each([
    ['r', view('a'), 'process.restart', 'Restart a? y/n'],
    ['s', view('a'), 'process.stop', 'Stop a? y/n'],
  ])('%s asks first, and any key but y is a no', (key, process, command, question) => {
    const board = boardOf(process);
    expect(board.press(key)).toBeUndefined();
    expect(board.question).toBe(question);
    expect(board.press('n')).toBeUndefined();
    expect(board.question).toBeUndefined();
    board.press(key);
    expect(board.press('y')).toEqual({ kind: 'call', command, name: 'a' });
    expect(board.press('y')).toBeUndefined();
  });

  test('a start of what is down asks nothing', () => {
    expect(boardOf(view('a', 'down')).press('s')).toEqual({ kind: 'call', command: 'process.start', name: 'a' });
  });

  test('the question is about the process that was selected, whatever comes in between', () => {
    const board = boardOf(view('a'), view('b'));
    board.press('r');
    board.show([view('b')]);
    expect(board.press('y')).toEqual({ kind: 'call', command: 'process.restart', name: 'a' });
  });
});

test('q and Escape lead back from what covers the table, and out of it; Ctrl-C always out', () => {
  const board = boardOf(view('a'));
  expect(board.press('return')).toEqual({ kind: 'logs', name: 'a' });
  board.isCovered = true;
  expect([board.press('r'), board.press('q'), board.press('ctrl-c')]).toEqual([
    undefined,
    { kind: 'close' },
    { kind: 'quit' },
  ]);
  board.isCovered = false;
  expect([board.press('escape'), board.press('w'), board.press('?')]).toEqual([
    { kind: 'quit' },
    { kind: 'why', name: 'a' },
    { kind: 'help' },
  ]);
});
