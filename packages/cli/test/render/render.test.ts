import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { paletteFor, tameLine } from '../../src/render/color.ts';
import { Gutter } from '../../src/render/lines.ts';
import { commandLines } from '../../src/render/next-steps.ts';
import { formatUptime } from '../../src/render/status.ts';
import { renderTable } from '../../src/render/table.ts';

const colors = picocolors.createColors(true);
const plain = picocolors.createColors(false);

describe('colours', () => {
  test.each([
    ['on a terminal', true, {}, true],
    ['not in a pipe', false, {}, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['also when it is forced', false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['in a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
    ['an empty variable says nothing', true, { NO_COLOR: '', FORCE_COLOR: '' }, true],
  ])('%s', (_when, isTTY, env, expected) => {
    expect(paletteFor({ isTTY }, env).isColorSupported).toBe(expected);
  });
});

describe('a line of a child', () => {
  const line = '\x1b[2J\x1b[31mred\x1b[0m\tand\x07 \x1b]0;title\x07more\r';

  test('keeps its colours and tabs, and nothing else that a terminal obeys', () => {
    expect(tameLine(line, colors)).toBe(colors.reset('\x1b[31mred\x1b[0m\tand more'));
  });

  test('is plain text where there are no colours', () => {
    expect(tameLine(line, plain)).toBe('red\tand more');
  });

  test('stands behind its name, all names in one column', () => {
    const gutter = new Gutter(plain, ['db', 'worker']);
    expect(gutter.line({ name: 'db', text: 'up' })).toBe('db     │ up');
    expect(gutter.line({ name: 'worker', text: 'up' })).toBe('worker │ up');
  });
});

test('a table aligns coloured cells and cuts its last column at the terminal', () => {
  const rows = [
    ['NAME', 'WHY'],
    [colors.bold('web'), 'exited with code 3'],
  ];
  expect(renderTable(rows, 16)).toEqual(['NAME  WHY', `${colors.bold('web')}   exited wi…`]);
  expect(renderTable(rows).at(-1)).toBe(`${colors.bold('web')}   exited with code 3`);
});

test.each([
  [0, '0s'],
  [59, '59s'],
  [65, '1m05s'],
  [3600 + 120, '1h02m'],
  [25 * 3600, '1d01h'],
])('%d s is %s', (seconds, text) => expect(formatUptime(seconds)).toBe(text));

test('advice becomes commands that can be typed', () => {
  const input = { name: 'web' };
  const steps = ['process.logs', 'process.explain', 'process.restart', 'plugin.unknown'].map((command) => ({
    command,
    input,
  }));
  expect(commandLines(steps)).toEqual(['promptbin logs web', 'promptbin why web', 'promptbin restart web']);
});
