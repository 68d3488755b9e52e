import type { ReloadReport, ReloadStep } from '@promptbin/core';
import type { Palette } from './color.ts';
import type { Screen } from './screen.ts';
import { renderTable } from './table.ts';

type Action = ReloadStep['action'] | ReloadReport['plugins'][number]['action'];

const symbols: Readonly<Record<Action, string>> = {
  add: '+',
  remove: '-',
  restart: '↻',
  replace: '↻',
  update: '~',
  keep: '=',
};

/** What a reload does, or would do: one line a process, then one a plugin that does not stay as it is. */
export function showPlan(screen: Screen, { processes, plugins, summary }: ReloadReport): void {
  const { palette, columns } = screen;
  const touched = plugins.filter(({ action }) => action !== 'keep');
  const steps = [
    ...processes.map(({ action, name, changes }) => ({ action, name, facts: changes.map(describe).join(', ') })),
    ...touched.map(({ action, name }) => ({ action, name: `plugin ${name}`, facts: '' })),
  ];
  const rows = steps.map(({ action, name, facts }) => {
    const paint = colorOf(palette, action);
    return [paint(symbols[action]), paint(action), name, facts];
  });
  for (const line of renderTable(rows, columns)) screen.line(line);
  screen.line(summary);
}

/** `port: 5000 → 5001` */
function describe({ path, from, to }: ReloadStep['changes'][number]): string {
  return `${path}: ${show(from)} → ${show(to)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function colorOf(palette: Palette, action: Action): (text: string) => string {
  if (action === 'keep') return palette.dim;
  if (action === 'remove') return palette.red;
  return action === 'add' ? palette.green : palette.yellow;
}
