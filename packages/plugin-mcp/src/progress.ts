import { setInterval as ticks } from 'node:timers/promises';
import type { ServerContext } from '@modelcontextprotocol/server';

const periodMs = 1000;

/** `wait_for_process has been at it for 3 s: web, until ready`. */
export function describeProgress(tool: string, input: unknown, seconds: number): string {
  const { name, until, wait, pattern } = Object(input) as Readonly<Record<string, unknown>>;
  const goal = until ?? (wait === 'ready' ? wait : undefined);
  const what = [
    ...(typeof name === 'string' ? [name] : []),
    ...(typeof goal === 'string' ? [`until ${goal}`] : []),
    ...(typeof pattern === 'string' ? [JSON.stringify(pattern)] : []),
  ].join(', ');
  return `${tool} has been at it for ${seconds} s${what === '' ? '' : `: ${what}`}`;
}

/**
 * Reports to a client that wants it, once a second until the work has ended or the call was taken back.
 *
 * @param describe what the work has been at for so many seconds
 */
export async function withProgress<T>(
  { mcpReq }: ServerContext,
  describe: (seconds: number) => string,
  work: Promise<T>,
): Promise<T> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return work;
  const ended = new AbortController();
  void tick(AbortSignal.any([mcpReq.signal, ended.signal]), (seconds) =>
    mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress: seconds, message: describe(seconds) },
    }),
  );
  try {
    return await work;
  } finally {
    ended.abort();
  }
}

async function tick(signal: AbortSignal, report: (seconds: number) => Promise<void>): Promise<void> {
  let seconds = 0;
  try {
    for await (const _ of ticks(periodMs, undefined, { signal, ref: false })) await report(++seconds);
  } catch {
    // Ended, taken back, or the client is gone: nobody waits for progress any more.
  }
}
