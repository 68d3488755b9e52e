import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { paletteFor, tameLine } from '../../src/render/color.ts';
import { Gutter } from '../../src/render/lines.ts';
import { commandLines } from '../../src/render/next-steps.ts';
import { formatUptime, tableOf } from '../../src/render/status.ts';
import { renderTable } from '../../src/render/table.ts';
import { view } from '../control/views.ts';

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

test('whether it is healthy is shown where that is checked', () => {
  const checked = [view('web', { healthy: true }), view('db', { healthy: false }), view('mq')];
  const lines = tableOf({ palette: plain, columns: undefined }, checked);
  expect(lines[0]).toMatch(/^NAME +PHASE +READY +HEALTHY +PID/);
  expect(lines.slice(1).map((line) => line.split(/ +/)[3])).toEqual(['yes', 'no', '-']);
  expect(tableOf({ palette: plain, columns: undefined }, [view('mq')])[0]).not.toContain('HEALTHY');
});

test('a table aligns coloured cells and cuts its last column at the terminal', () => {
  const rows = [
    ['NAME', 'WHY'],
    [colors.bold('web'), 'exited with code 3'],
  ];
  expect(renderTable(rows, 16)).toEqual(['NAME  WHY', `${colors.bold('web')}   exited wi…`]);
  expect(renderTable(rows).at(-1)).toBe(`${colors.bold('web')}   exited with code 3`);
  // Two columns each, and never cut in the middle.
  const wide = [
    ['気', 'x'],
    ['web', '数据库 is down'],
    ['db', '数据库数据库'],
  ];
  expect(renderTable(wide, 16)).toEqual(['気   x', 'web  数据库 is …', 'db   数据库数据…']);
});

test.each([
  [0, '0s'],
  [59, '59s'],
  [65, '1m05s'],
  [3600 + 120, '1h02m'],
  [25 * 3600, '1d01h'],
])('%d s is %s', (seconds, text) => expect(formatUptime(seconds)).toBe(text));

describe('the table of processes', () => {
  const condition = { status: 'true', reason: 'Ready', since: 0 } as const;
  const view = {
    name: 'web',
    kind: 'service',
    phase: 'running',
    desired: 'up',
    ready: true,
    pid: 4411,
    url: 'http://127.0.0.1:5000',
    uptimeSec: 65,
    restarts: 1,
    generation: 2,
    attempt: 0,
    since: '',
    conditions: { ready: condition, healthy: condition },
  } as const;
  const why = 'dependency "a-database-of-a-long-name" failed: exited with code 1';
  const views = [view, { ...view, name: 'bad', phase: 'waiting', ready: false, waitingFor: [why] }] as const;
  const samples = new Map([['web', { cpuPercent: 3.4, memoryBytes: 52 * 2 ** 20, processes: 1 }]]);

  test('has CPU and memory where they are known, and cuts a reason that is read all the same', () => {
    const all = tableOf({ palette: plain, columns: undefined }, views, samples);
    expect(all[0]).toMatch(/^NAME +PHASE +READY +PID +URL +UPTIME +RESTARTS +CPU +MEM +WHY$/);
    expect(all[1]).toMatch(/^web .* 1m05s +1 +3% +52 MB$/);
    expect(all[2]).toBe(`bad   waiting  no     4411  http://127.0.0.1:5000  1m05s   1         -    -      ${why}`);
    expect(tableOf({ palette: plain, columns: undefined }, views)[0]).not.toContain('CPU');
    expect(tableOf({ palette: plain, columns: 130 }, views, samples)[2]).toMatch(/ dependency "a-database.*…$/);
  });

  test.each([80, 60, 48])(
    'fits into %d columns: a reason stands below, and what matters less is left out',
    (columns) => {
      const lines = tableOf({ palette: plain, columns }, views, samples);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines[0]).toMatch(/^NAME +PHASE +READY/);
      expect(lines[3]).toMatch(/^ {2}dependency "a-database/);
      expect(lines).toHaveLength(4);
    },
  );
});

test('advice becomes commands that can be typed', () => {
  const input = { name: 'web' };
  const steps = ['process.logs', 'process.explain', 'process.restart', 'plugin.unknown'].map((command) => ({
    command,
    input,
  }));
  expect(commandLines(steps)).toEqual(['promptbin logs web', 'promptbin why web', 'promptbin restart web']);
});
