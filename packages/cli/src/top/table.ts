import type { Overview } from '../commands/ps.ts';
import type { Palette } from '../render/color.ts';
import { sparkline } from '../render/sparkline.ts';
import { cellsOf, whyOf } from '../render/status.ts';
import { cut, fitTable } from '../render/table.ts';
import type { Board } from './board.ts';
import type { SampleHistory } from './history.ts';

/** The first to be left out where there is no room stands first. */
const expendable = ['URL', 'RESTARTS', 'PID', 'MEMORY', 'USAGE', 'UPTIME', 'MEM', 'CPU'];
/** How many samples are shown, and from which width of the terminal on more of them. */
const sparks = { few: 10, many: 20, manyFrom: 110 };
/** A busy core fills the row. */
const busyCore = 100;

export interface TableParts {
  readonly overview: Overview;
  readonly board: Board;
  readonly history: SampleHistory;
  readonly palette: Palette;
  readonly columns: number | undefined;
}

/** Every process with what it needs now and has needed lately; the selected one is marked, and why it is down stands below. */
export function topLines({ overview, board, history, palette, columns = 80 }: TableParts): readonly string[] {
  const { processes } = overview.status;
  const length = columns < sparks.manyFrom ? sparks.few : sparks.many;
  const isSampled = overview.resources.size > 0;
  const rows = processes.map((view) => {
    const { cpuPercent, memoryBytes } = history.of(view.name);
    return {
      ...cellsOf(palette, view, overview.resources.get(view.name)),
      USAGE: palette.cyan(sparkline(cpuPercent, length, { from: 0, to: Math.max(busyCore, ...cpuPercent) })),
      MEMORY: palette.magenta(sparkline(memoryBytes, length, rangeOfMemory(memoryBytes))),
    };
  });
  const usage = isSampled ? ['CPU', 'USAGE', 'MEM', 'MEMORY'] : [];
  const headings = ['NAME', 'PHASE', 'READY', 'PID', 'UPTIME', 'RESTARTS', ...usage, 'URL'];
  // The mark takes two columns.
  const [head = '', ...lines] = fitTable(headings, rows, { expendable, columns: columns - 2 });
  const { selected } = board;
  const why = selected === undefined ? '' : whyOf(selected);
  return [
    palette.dim(`  ${head}`),
    ...lines.map((line, index) =>
      processes[index]?.name === selected?.name ? `${palette.bold('❯')} ${line}` : `  ${line}`,
    ),
    '',
    cut(why === '' ? '' : `  ${selected?.name}: ${why}`, columns),
  ];
}

/** What grows is to be seen, and what stays the same is to look so. */
function rangeOfMemory(values: readonly number[]): { from: number; to: number } {
  const least = Math.min(...values);
  return { from: least, to: Math.max(least * 1.2, ...values) };
}

/** What the keys do. */
export const keys: readonly (readonly [key: string, does: string])[] = [
  ['↑ ↓  k j', 'select'],
  ['r', 'restart it'],
  ['s', 'stop it, or start it'],
  ['l  Enter', 'its logs'],
  ['w', 'why it is where it is'],
  ['?', 'these keys'],
  ['q  Esc', 'back, or the end'],
];
