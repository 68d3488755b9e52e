import type { Env, ManagerEvent, PluginContext, ProcessView, SpawnPlan } from '@promptbin/core';
import { Incarnation, type IncarnationHost } from './incarnation.ts';
import type { Means, NotifyMeans, ProbeKind } from './means.ts';
import { watchdogMsOf } from './notify.ts';

/** A means, and what the process is checked for by it. */
export interface Asked {
  readonly kind: ProbeKind;
  readonly means: Means;
}

type Context = Pick<PluginContext<unknown, unknown, never>, 'hooks' | 'process' | 'onDispose'>;

/** Follows every process from before its spawn to its end, and gives it what it says something by. */
export class Incarnations {
  readonly #host: IncarnationHost;
  readonly #context: Context;
  readonly #askedOf: (name: string) => readonly Asked[];
  readonly #present = new Map<string, Incarnation>();

  constructor(host: IncarnationHost, context: Context, askedOf: (name: string) => readonly Asked[]) {
    this.#host = host;
    this.#context = context;
    this.#askedOf = askedOf;
    const { hooks } = context;
    hooks.plan.tap('notify', (plan, process) => this.#prepare(plan, process));
    hooks.env.tapPromise('notify', (env, process) => this.#tellSocket(env, process));
    // Apart: it waits for a file system, and must not cost the other its time.
    hooks.env.tapPromise('heartbeat', (_, process) => this.#lookAtFiles(process));
    hooks.readiness.tap('notify', ({ name, generation }, barrier) => {
      const { deafness } = this.#of(name, generation) ?? {};
      if (deafness !== undefined) barrier.waitFor('notify', async () => ({ ready: false, why: deafness }));
    });
    hooks.event.tap('incarnations', (event) => this.#follow(event));
    context.onDispose(() => {
      for (const name of [...this.#present.keys()]) this.#end(name);
    });
  }

  /** Of one that was spawned before this plugin came, nothing that it said then is known. Undefined when it is gone. */
  of({ name, generation }: ProcessView): Incarnation | undefined {
    const present = this.#present.get(name);
    if (present === undefined || present.generation < generation) return this.#begin(name, generation);
    return present.generation === generation ? present : undefined;
  }

  #prepare(plan: SpawnPlan, { name, generation }: ProcessView): SpawnPlan | undefined {
    this.#end(name);
    if (this.#askedOf(name).length === 0) return undefined;
    const incarnation = this.#begin(name, generation + 1);
    const descriptor = this.#channelsOf(name).find((by) => by !== 'systemd');
    if (descriptor === undefined) return undefined;
    incarnation.channels.add(descriptor);
    return { ...plan, notifyFd: descriptor };
  }

  async #tellSocket(env: Env, { name, generation }: ProcessView): Promise<Env | undefined> {
    const incarnation = this.#of(name, generation + 1);
    if (incarnation === undefined || !this.#channelsOf(name).includes('systemd')) return undefined;
    const told: Record<string, string> = { ...env };
    // They are of the service manager that runs promptbin itself.
    for (const key of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete told[key];
    try {
      told.NOTIFY_SOCKET = await incarnation.bind();
    } catch (fault) {
      // No tap can refuse a launch: the start fails as soon as there is one.
      incarnation.deafness = (fault as Error).message;
    }
    const watched = this.#askedOf(name).flatMap(({ kind, means }) =>
      kind === 'liveness' && means.kind === 'notify' ? [watchdogMsOf(means)] : [],
    );
    if (watched.length > 0) told.WATCHDOG_USEC = String(Math.min(...watched) * 1000);
    return told;
  }

  async #lookAtFiles({ name, generation }: ProcessView): Promise<undefined> {
    const incarnation = this.#of(name, generation + 1);
    if (incarnation === undefined) return;
    for (const { means } of this.#askedOf(name)) {
      if (means.kind === 'heartbeat') await incarnation.heartbeat(means).look();
    }
  }

  #follow({ type, data }: ManagerEvent): void {
    if (type === 'process.spawned') {
      for (const { means } of this.#askedOf(data.name)) {
        if (means.kind === 'log') this.#of(data.name, data.generation)?.log(means);
      }
    } else if (type === 'process.notified') {
      this.#of(data.name, data.generation)?.hearLine();
    } else if (type === 'process.exited') {
      if (this.#of(data.name, data.generation) !== undefined) this.#end(data.name);
    } else if ((type === 'process.phase' || type === 'process.waiting') && this.#present.has(data.name)) {
      this.#endGivenUp(data.name);
    }
  }

  /** Ends what was prepared for a launch that has been given up. */
  #endGivenUp(name: string): void {
    const process = this.#context.process(name);
    const isDown = process?.pid === undefined && process?.phase !== 'waiting' && process?.phase !== 'starting';
    if (isDown || (process?.waitingFor ?? []).length > 0) this.#end(name);
  }

  #channelsOf(name: string): readonly NotifyMeans['by'][] {
    return this.#askedOf(name).flatMap(({ means }) => (means.kind === 'notify' ? [means.by] : []));
  }

  #of(name: string, generation: number): Incarnation | undefined {
    const present = this.#present.get(name);
    return present?.generation === generation ? present : undefined;
  }

  #begin(name: string, generation: number): Incarnation {
    this.#end(name);
    const incarnation = new Incarnation(name, generation, this.#host);
    this.#present.set(name, incarnation);
    return incarnation;
  }

  #end(name: string): void {
    this.#present.get(name)?.[Symbol.dispose]();
    this.#present.delete(name);
  }
}
