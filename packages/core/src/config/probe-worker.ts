import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { type LoadOptions, loadWatched } from './load.ts';
import type { ProbeMessage } from './probe.ts';

/** Only of our own mistakes is it known that they can go from thread to thread. */
const withMistakes: readonly string[] = ['PB_CONFIG_INVALID', 'PB_CONFIG_UNREADABLE'];

const say = (message: ProbeMessage): void => parentPort?.postMessage(message);

try {
  await loadWatched(workerData as LoadOptions, (reading) => say({ reading }));
  // A promise that was rejected and that nobody waits for is told of only now, and ends the thread.
  await setImmediate();
  say({});
} catch (fault) {
  const { code = 'PB_CONFIG_UNREADABLE', hint, details } = PromptbinError.is(fault) ? fault : {};
  const mistakes = withMistakes.includes(code) && { details };
  say({ error: { code, message: messageOf(fault), ...(hint !== undefined && { hint }), ...mistakes } });
}
