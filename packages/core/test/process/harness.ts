export { freePort } from '../../../../test-support/free-port.ts';

import { once } from 'node:events';
import { type AddressInfo, createServer, type ListenOptions } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { LaunchPlan, RunningChild } from '../../src/contract/runner.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLocalRunner } from '../../src/process/runner.ts';

const runner = createLocalRunner({ clock: systemClock });
let runs = 0;

export interface Exited {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly leftovers: readonly number[];
}

export interface Started {
  readonly child: RunningChild;
  readonly plan: LaunchPlan;
  readonly exited: Promise<Exited>;
  /** What it has written so far. */
  output(): string;
  /** What it has written to its notification descriptor so far. */
  readonly notices: readonly string[];
  /** Resolves with the first match in what it has written or will write. */
  saw(pattern: RegExp): Promise<RegExpExecArray>;
}

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Runs a command and ends all that is left of it when the test is over. */
export function start(command: string, args: readonly string[] = [], extra: Partial<LaunchPlan> = {}): Started {
  runs += 1;
  const plan: LaunchPlan = {
    name: 'web',
    generation: runs,
    command,
    args,
    cwd: '/',
    shell: false,
    host: '127.0.0.1',
    ...extra,
    env: {
      PATH: process.env.PATH ?? '',
      PROMPTBIN_STAMP: `test-${process.pid}`,
      PROMPTBIN_PROCESS: 'web',
      PROMPTBIN_RUN: String(runs),
      ...extra.env,
    },
  };
  let text = '';
  const notices: string[] = [];
  const watchers = new Set<() => void>();
  const exited = Promise.withResolvers<Exited>();
  const child = runner.spawn(plan, {
    output: (_stream, chunk) => {
      text += Buffer.from(chunk).toString('latin1');
      for (const watch of watchers) watch();
    },
    notified: (notice) => void notices.push(notice),
    exited: (code, signal, leftovers) => exited.resolve({ code, signal, leftovers }),
  });
  onTestFinished(async () => {
    await child.reap({ signal: 'SIGKILL', graceMs: 0 });
  });
  const saw = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve) => {
      const watch = (): void => {
        const match = pattern.exec(text);
        if (match !== null) resolve(match);
      };
      watchers.add(watch);
      watch();
    });
  return { child, plan, exited: exited.promise, output: () => text, notices, saw };
}

/** Resolves with the pid that a fixture prints after `word`. */
export async function pidAfter(started: Started, word: string): Promise<number> {
  const [, pid] = await started.saw(new RegExp(`${word} (\\d+)\\n`));
  return Number(pid);
}

/** Listens until the test is over; resolves with the port. Rejects when it is in use. */
export async function listen(options: ListenOptions): Promise<number> {
  const server = createServer().listen(options);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
