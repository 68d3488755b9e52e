import { extname } from 'node:path';
import type { PublicError } from '../contract/commands.ts';
import { type KnownCode, messageOf, PromptbinError } from '../errors/error.ts';
import type { LoadOptions } from './load.ts';
import { tooSlow, unreadable } from './unreadable.ts';

/** What the thread says: which file it is about to read, and at last how it went. */
export type ProbeMessage =
  | { readonly reading: string }
  | { readonly error?: PublicError & { readonly code: KnownCode; readonly details?: unknown } };

/**
 * Loads a config in a thread of its own, to see whether it can be loaded: one that never returns, or that ends the
 * process, harms only the thread.
 *
 * @throws PromptbinError what `loadConfig` throws
 */
export async function probeConfig(options: LoadOptions = {}): Promise<void> {
  const { limitMs = 10_000, env = process.env } = options;
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(new URL(`probe-worker${extname(import.meta.filename)}`, import.meta.url), {
    workerData: { ...options, env: { ...env } },
    execArgv: [],
    // What the config prints, it prints when it is loaded.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let file = '';
  let timer: NodeJS.Timeout | undefined;
  worker.on('message', (message: ProbeMessage) => {
    clearTimeout(timer);
    if ('reading' in message) {
      file = message.reading;
      timer = setTimeout(() => reject(tooSlow(file, limitMs)), limitMs);
    } else if (message.error === undefined) resolve();
    else reject(new PromptbinError(message.error.code, message.error.message, message.error));
  });
  worker.on('error', (fault) => reject(unreadable(file, messageOf(fault), undefined, fault)));
  worker.on('exit', () => reject(unreadable(file, 'it ended the process', 'Take process.exit() out of it.')));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
