import type { ProcessView, StopReceipt } from '../contract/process.ts';
import { isHeld } from './phases.ts';
import { noteListening, plural } from './words.ts';

/** One line that says where a process is and why. */
export function summarize(view: ProcessView): string {
  const { name, phase, cause } = view;
  const why = cause === undefined ? '' : `: ${cause.message}`;
  switch (phase) {
    case 'running':
      return `${name} is ${runningWord(view)}${view.url === undefined ? '' : ` at ${view.url}`} (${facts(view)})`;
    case 'waiting':
      return `${name} waits${view.waitingFor === undefined ? '' : ` for ${view.waitingFor.join(', ')}`}`;
    case 'starting':
      return `${name} is starting, not ready yet${view.conditions.ready.message === undefined ? '' : `: ${view.conditions.ready.message}`}`;
    case 'backoff':
      return `${name} ${view.attempt >= 2 ? 'is crash-looping' : 'will be retried'} (attempt ${view.attempt}, next at ${view.retryAt})${why}`;
    case 'failed':
      return `${name} has failed${why}`;
    case 'completed':
      // A service is not meant to.
      return `${name} has completed${view.ready ? '' : why}`;
    default:
      return `${name} is ${phase}${why}`;
  }
}

/** One line for a list of processes. */
export function summarizeAll(views: readonly ProcessView[]): string {
  const down = views.filter((view) => view.phase === 'failed' || view.phase === 'backoff' || isHeld(view));
  const ready = views.filter((view) => view.ready).length;
  const counts = `${ready} of ${plural(views.length, 'process', 'processes')} ready`;
  return down.length === 0 ? counts : `${counts}; ${down.map(summarize).join('; ')}`;
}

/** `db is stopped after 210 ms; web was stopped first`. */
export function summarizeStop({ name, phase }: ProcessView, receipt: StopReceipt): string {
  const { dependants = [], tookMs } = receipt;
  const killed = [...dependants, receipt].flatMap((one) => one.killed).length;
  const told = `${name} is ${phase} after ${Math.round(tookMs)} ms`;
  const names = dependants.map((one) => one.name).join(', ');
  const left = dependants.filter(({ escaped }) => escaped.length > 0);
  return [
    killed === 0 ? told : `${told}, ${plural(killed, 'process', 'processes')} killed`,
    ...(names === '' ? [] : [`${names} ${dependants.length === 1 ? 'was' : 'were'} stopped first`]),
    ...left.map((one) => `${one.name} is still alive: pid ${one.escaped.join(', ')}`),
  ].join('; ');
}

function runningWord(view: ProcessView): string {
  if (view.kind === 'job') return 'running';
  if (!view.ready) return 'running, but not ready';
  return view.healthy === false ? 'ready, but not healthy' : 'ready';
}

function facts({ pid, uptimeSec, restarts, listening }: ProcessView): string {
  const note = listening === undefined ? '' : `${noteListening(listening)}; `;
  return `${note}pid ${pid}, up ${uptimeSec ?? 0} s, ${plural(restarts, 'restart')}`;
}
