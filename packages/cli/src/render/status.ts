import { describeListening, type Phase, type ProcessView } from '@promptbin/core/views';
import { isUp } from '../control/settle.ts';
import type { Palette } from './color.ts';
import type { Screen } from './screen.ts';
import { renderTable } from './table.ts';

const headings = ['NAME', 'PHASE', 'READY', 'PID', 'URL', 'UPTIME', 'RESTARTS', 'WHY'];

/** The table of `ps`: one row a process. */
export function showTable(screen: Screen, views: readonly ProcessView[]): void {
  const { palette, columns } = screen;
  const rows = views.map((view) => [
    palette.bold(view.name),
    colorOfPhase(palette, view.phase)(view.phase),
    view.ready ? palette.green('yes') : 'no',
    String(view.pid ?? '-'),
    view.url ?? '-',
    view.uptimeSec === undefined ? '-' : formatUptime(view.uptimeSec),
    String(view.restarts),
    whyOf(view),
  ]);
  for (const line of renderTable([headings, ...rows], columns)) screen.line(line);
}

/** Where to go, once all is up; else what to ask. */
export function showOutcome(screen: Screen, views: readonly ProcessView[]): void {
  const { palette } = screen;
  const wanted = views.filter(({ desired }) => desired === 'up');
  const down = wanted.filter((view) => !isUp(view));
  for (const { name, cause } of down) {
    screen.line(
      `${palette.red('✖')} ${palette.bold(name)} is not up${cause === undefined ? '' : `: ${cause.message}`}`,
    );
    screen.line(`  ${palette.dim(`promptbin why ${name}`)}`);
  }
  const urls = wanted.filter(({ ready, url }) => ready && url !== undefined);
  const rows = urls.map(({ name, url = '' }) => [`${palette.green('➜')} ${palette.bold(name)}`, palette.cyan(url)]);
  if (down.length === 0 && urls.length === 0 && wanted.length > 0) screen.line(`${palette.green('✔')} all is up`);
  for (const line of renderTable(rows)) screen.line(line);
}

export function colorOfPhase(palette: Palette, phase: Phase): (text: string) => string {
  if (phase === 'failed') return palette.red;
  if (phase === 'running' || phase === 'completed') return palette.green;
  return phase === 'stopped' ? palette.dim : palette.yellow;
}

function whyOf({ phase, cause, waitingFor, ready, conditions, listening }: ProcessView): string {
  if (waitingFor !== undefined) return waitingFor.join('; ');
  if (phase === 'running' && !ready) return conditions.ready.message ?? '';
  if (phase === 'running' && listening !== undefined) return describeListening(listening);
  const message = phase === 'running' || phase === 'completed' ? undefined : cause?.message;
  // A cause may quote several lines; a row has one.
  return message?.replaceAll(/\s*\n\s*/g, ' ') ?? '';
}

/** `42s`, `7m05s`, `3h12m`, `2d04h`. */
export function formatUptime(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m${two(seconds % 60)}s`;
  return hours < 24 ? `${hours}h${two(minutes % 60)}m` : `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}
