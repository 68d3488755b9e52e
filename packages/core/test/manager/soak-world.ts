import type { Config, LaunchPlan, PluginContext } from '@promptbin/core';
import { plugin } from '../support/plugins.ts';
import type { Behaviour } from '../support/virtual-os.ts';

/** The longest grace of all processes, ms. */
export const longestGraceMs = 10_000;

type Process = Config['processes'][string];

const stop = { grace: '10s' } as const;
const ready = { log: 'up', timeout: '8s' } as const;
const service = (rest: Partial<Process> = {}): Process => ({ command: 'serve', ready, stop, ...rest });
const job = (rest: Partial<Process> = {}): Process => ({ command: 'work', kind: 'job', stop, ...rest });

/** Twelve processes: dependencies of all three kinds, and all three answers to the restart of one. */
const processes = {
  db: service(),
  cache: service({ stop: { grace: '2s' } }),
  migrate: job({ dependsOn: { db: 'ready' } }),
  api: service({ dependsOn: { db: 'ready', migrate: 'completed' }, onDependencyRestart: 'restart' }),
  auth: service({ dependsOn: { db: 'started' }, onDependencyRestart: 'keep' }),
  web: service({ dependsOn: { api: 'ready', cache: 'started' }, onDependencyRestart: 'stop' }),
  worker: service({ ready: {}, dependsOn: { cache: 'ready' }, onDependencyRestart: 'restart' }),
  mailer: service({ dependsOn: { worker: 'started' }, onDependencyRestart: 'stop' }),
  fill: job({ dependsOn: { migrate: 'completed' }, onDependencyRestart: 'restart' }),
  report: service({ dependsOn: { fill: 'completed', web: 'ready' } }),
  cron: service({ autostart: false }),
  tail: service({ dependsOn: { report: 'ready', mailer: 'ready' }, onDependencyRestart: 'restart' }),
} satisfies Config['processes'];

const { tail: _, ...withoutTail } = processes;

/** What a reload may come up with; the first is what it starts with. */
export const configs: readonly Config['processes'][] = [
  processes,
  withoutTail,
  { ...processes, db: service({ stop: { grace: '5s' } }) },
  { ...processes, api: { ...processes.api, env: { MODE: 'other' } } },
  { ...withoutTail, worker: { ...processes.worker, dependsOn: { cache: 'ready', db: 'ready' } } },
];

/** Backs off by a factor of two, six times, and hands its context out. */
export function backsOff(take: (ctx: PluginContext<undefined, undefined, never>) => void) {
  return plugin('backs-off', (ctx) => {
    take(ctx);
    ctx.hooks.decide.tap('backs-off', ({ attempt, kind }, exit) => {
      if ((kind === 'job' && exit.code === 0 && !exit.condemned) || attempt >= 6) return undefined;
      return { action: 'retry', delayMs: 250 * 2 ** attempt };
    });
    ctx.hooks.plan.tap('backs-off', (plan) => ({ ...plan, notifyFd: 3 }));
  });
}

/** Faults of all kinds, drawn for each run. */
export function faulty(next: () => number): (plan: LaunchPlan) => Behaviour | undefined {
  const chance = (probability: number): boolean => next() < probability;
  const between = (least: number, most: number): number => Math.floor(least + next() * (most - least));
  return ({ command }) => {
    if (chance(0.03)) return undefined;
    const slow = chance(0.3);
    const ending = {
      heedsAfterMs: chance(0.1) ? Infinity : slow ? between(0, 12_000) : between(0, 300),
      leaves: chance(0.15) ? between(1, 4) : 0,
      survivesKillMs: chance(0.05) ? between(0, 15_000) : 0,
    };
    if (command === 'probe') return { ...ending, exitsAfterMs: between(0, 4000) };
    if (command === 'work') return { ...ending, exitsAfterMs: between(0, 6000), code: chance(0.8) ? 0 : 1 };
    const upAfterMs = chance(0.1) ? 60_000 : between(0, 3000);
    return {
      ...ending,
      ...(chance(0.45) && { exitsAfterMs: between(0, 120_000), code: chance(0.3) ? 0 : 3 }),
      writes: [{ afterMs: upAfterMs, text: 'up' }],
      notifies: [{ afterMs: upAfterMs, text: 'up' }],
    };
  };
}

/** No faults. */
export function calm({ command }: LaunchPlan): Behaviour {
  return command !== 'serve' ? { exitsAfterMs: 100 } : { writes: [{ afterMs: 50, text: 'up' }] };
}
