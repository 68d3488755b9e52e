import { setInterval as ticks } from 'node:timers/promises';
import type { ServerContext } from '@modelcontextprotocol/server';

const periodMs = 1000;

/** Reports to a client that wants it, once a second until the work has ended or the call was taken back. */
export async function withProgress<T>({ mcpReq }: ServerContext, tool: string, work: Promise<T>): Promise<T> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return work;
  const ended = new AbortController();
  void tick(AbortSignal.any([mcpReq.signal, ended.signal]), (seconds) =>
    mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress: seconds, message: `${tool} has been at it for ${seconds} s` },
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
