import { definePlugin, managerStatusSpec, type Plugin } from '@promptbin/core';

/** Says when a process has written, so that whoever follows its output can sleep in between. */
export interface LineFeed {
  /** For the manager whose output is followed. */
  readonly plugin: Plugin;
  /** Resolves when there is a line of the process after `seq`, or when nothing more will come. */
  after(name: string, seq: number, signal?: AbortSignal): Promise<void>;
  /** No more lines: whoever waits goes on. */
  close(): void;
}

// Neither options nor fields: the empty object that core has at hand.
const nothing = managerStatusSpec.input.optional();

export function createLineFeed(): LineFeed {
  const newest = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  let closed = false;

  const wake = (name: string): void => {
    for (const resume of waiting.get(name) ?? []) resume();
    waiting.delete(name);
  };

  const plugin = definePlugin({
    name: 'control',
    options: nothing,
    fields: nothing,
    setup(ctx) {
      ctx.hooks.output.tap('control', ({ name, seq }) => {
        newest.set(name, seq);
        if (waiting.has(name)) wake(name);
      });
    },
  });

  return {
    plugin: plugin(),
    after(name, seq, signal) {
      if (closed || signal?.aborted || (newest.get(name) ?? 0) > seq) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const resumes = waiting.get(name) ?? new Set();
      waiting.set(name, resumes.add(resolve));
      const abort = (): void => {
        resumes.delete(resolve);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      return promise.finally(() => signal?.removeEventListener('abort', abort));
    },
    close() {
      closed = true;
      for (const name of [...waiting.keys()]) wake(name);
    },
  };
}
