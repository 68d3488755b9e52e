import {
  describeListening,
  isHeld,
  type Phase,
  type ProcessView,
  type Resources,
  summarize,
} from '@promptbin/core/words';
import { isUp } from '../control/settle.ts';
import type { Palette } from './color.ts';
import type { Screen } from './screen.ts';
import { fitTable, renderTable, width } from './table.ts';

/** What `ps` shows of each process, beside why: the first to be left out where there is no room stands first. */
const expendable = ['CPU', 'MEM', 'RESTARTS', 'UPTIME', 'HEALTHY', 'PID'];

/** So much of a reason tells something. */
const legible = 40;

/** The table of `ps`, for whoever has asked for something else: one row a process. */
export function showTable(screen: Screen, views: readonly ProcessView[]): void {
  for (const line of tableOf(screen, views)) screen.note(line);
}

/**
 * The lines of that table, with CPU and memory where they are known. On a terminal where it has no room the reason stands below
 * its row, and then columns are left out.
 */
export function tableOf(
  { palette, columns }: Pick<Screen, 'palette' | 'columns'>,
  views: readonly ProcessView[],
  resources: ReadonlyMap<string, Resources> = new Map(),
): readonly string[] {
  const rows = views.map((view) => cellsOf(palette, view, resources.get(view.name)));
  const headings = [
    ...['NAME', 'PHASE', 'READY'],
    // Without checks of health it would be a column of dashes.
    ...(views.some(({ healthy }) => healthy !== undefined) ? ['HEALTHY'] : []),
    ...['PID', 'URL', 'UPTIME', 'RESTARTS'],
    ...(resources.size > 0 ? ['CPU', 'MEM'] : []),
  ];
  const linesOf = (shown: readonly string[], most?: number): readonly string[] =>
    renderTable([shown, ...rows.map((row) => shown.map((heading) => row[heading] ?? ''))], most);
  const room = (lines: readonly string[]): number =>
    (columns ?? Number.POSITIVE_INFINITY) - Math.max(...lines.map(width));
  const isTooWide = (lines: readonly string[]): boolean => room(lines) < 0;

  const whole = linesOf([...headings, 'WHY']);
  if (!isTooWide(whole)) return whole;
  if (room(linesOf(headings)) >= legible) return linesOf([...headings, 'WHY'], columns);
  const [head = '', ...lines] = fitTable(headings, rows, { expendable, columns });
  return [head, ...lines.flatMap((line, index) => [line, ...reasonBelow(rows[index]?.WHY ?? '', palette, columns)])];
}

function reasonBelow(why: string, palette: Palette, columns: number | undefined): readonly string[] {
  if (why === '') return [];
  return renderTable([['', why]], columns).map((line) => palette.dim(line));
}

export function cellsOf(
  palette: Palette,
  view: ProcessView,
  sample: Resources | undefined,
): Readonly<Record<string, string>> {
  return {
    NAME: palette.bold(view.name),
    PHASE: colorOfPhase(palette, view.phase)(view.phase),
    READY: view.ready ? palette.green('yes') : 'no',
    HEALTHY: healthWord(palette, view.healthy),
    PID: String(view.pid ?? '-'),
    URL: view.url ?? '-',
    UPTIME: view.uptimeSec === undefined ? '-' : formatUptime(view.uptimeSec),
    RESTARTS: String(view.restarts),
    CPU: sample === undefined || view.pid === undefined ? '-' : `${Math.round(sample.cpuPercent)}%`,
    MEM: sample === undefined || view.pid === undefined ? '-' : `${Math.round(sample.memoryBytes / 2 ** 20)} MB`,
    WHY: whyOf(view),
  };
}

function healthWord(palette: Palette, healthy: boolean | undefined): string {
  if (healthy === undefined) return '-';
  return healthy ? palette.green('yes') : palette.red('no');
}

/** Where to go, once all is up; else what to ask. */
export function showOutcome(screen: Screen, views: readonly ProcessView[]): void {
  const { palette } = screen;
  const wanted = views.filter(({ desired }) => desired === 'up');
  const down = wanted.filter((view) => !isUp(view));
  for (const view of down) {
    const { name, phase, cause } = view;
    // Of what is on its way, the cause is why it was started.
    const isMoving = phase === 'starting' || phase === 'running' || (phase === 'waiting' && !isHeld(view));
    const why = isMoving
      ? summarize(view).slice(name.length)
      : ` is not up${cause === undefined ? '' : `: ${cause.message}`}`;
    screen.line(`${palette.red('✖')} ${palette.bold(name)}${why}`);
    screen.line(`  ${palette.dim(`promptbin why ${name}`)}`);
  }
  const urls = wanted.filter(({ ready, url }) => ready && url !== undefined);
  const rows = urls.map(({ name, url = '' }) => [`${palette.green('➜')} ${palette.bold(name)}`, palette.cyan(url)]);
  if (down.length === 0 && urls.length === 0 && wanted.length > 0) screen.note(`${palette.green('✔')} all is up`);
  for (const line of renderTable(rows)) screen.note(line);
}

export function colorOfPhase(palette: Palette, phase: Phase): (text: string) => string {
  if (phase === 'failed') return palette.red;
  if (phase === 'running' || phase === 'completed') return palette.green;
  return phase === 'stopped' ? palette.dim : palette.yellow;
}

export function whyOf({ phase, cause, waitingFor, ready, healthy, conditions, listening }: ProcessView): string {
  if (waitingFor !== undefined) return waitingFor.join('; ');
  if (phase === 'running' && !ready) return conditions.ready.message ?? '';
  if (phase === 'running' && healthy === false) return conditions.healthy.message ?? '';
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
