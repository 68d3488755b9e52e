import type { ProcessView } from '../contract/process.ts';
import { plural } from './words.ts';

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
      return `${name} has completed`;
    default:
      return `${name} is ${phase}${why}`;
  }
}

/** One line for a list of processes. */
export function summarizeAll(views: readonly ProcessView[]): string {
  const down = views.filter((view) => view.phase === 'failed' || view.phase === 'backoff');
  const ready = views.filter((view) => view.ready).length;
  const counts = `${ready} of ${plural(views.length, 'process', 'processes')} ready`;
  return down.length === 0 ? counts : `${counts}; ${down.map(summarize).join('; ')}`;
}

function runningWord(view: ProcessView): string {
  if (view.kind === 'job') return 'running';
  if (!view.ready) return 'running, but not ready';
  return view.healthy === false ? 'ready, but not healthy' : 'ready';
}

function facts({ pid, uptimeSec, restarts }: ProcessView): string {
  return `pid ${pid}, up ${uptimeSec ?? 0} s, ${plural(restarts, 'restart')}`;
}
