import type { ManagerEvent, Phase, PluginContext, ProcessView } from '@promptbin/core';
import type { VirtualOs } from '../support/virtual-os.ts';
import { longestGraceMs } from './soak-world.ts';

/** From the stop signal to the end of a stop, beyond the grace, ms; a little is for what is drained. */
const proofMs = 5000 + 50;

/** What the events have said of one process. */
interface Known {
  phase: Phase;
  desired: 'up' | 'down';
  ready: boolean;
  /** Of its last run; it rises even when the process was removed meanwhile. */
  generation: number;
  /** When it entered `stopping`, ms. */
  stoppingSince: number;
}

/** Checks the invariants by what events, views and the operating system say, after each event. */
export class Watch {
  readonly mistakes: string[] = [];
  readonly #os: VirtualOs;
  readonly #known = new Map<string, Known>();
  #seq: number | undefined;

  constructor(os: VirtualOs) {
    this.#os = os;
  }

  hear(event: ManagerEvent, ctx: Pick<PluginContext<undefined, undefined, never>, 'settings' | 'processes'>): void {
    const { seq, type, data } = event;
    if (this.#seq !== undefined && seq !== this.#seq + 1) this.#tell(event, `comes after ${this.#seq}`);
    this.#seq = seq;
    if (type === 'manager.defect' || type === 'plugin.fault') this.#tell(event, JSON.stringify(data));
    if (type === 'process.desired') this.#of(data.name).desired = data.desired;
    if (type === 'process.condition' && data.condition === 'ready') {
      this.#of(data.name).ready = data.value.status === 'true';
    }
    if (type === 'process.removed') {
      const { generation } = this.#of(data.name);
      this.#known.set(data.name, { ...unknown, generation });
      if (this.#os.living(data.name).length > 0) this.#tell(event, 'but something of it is alive');
    }
    if (type === 'process.phase') this.#phase(event as ManagerEvent<'process.phase'>);
    if (type === 'process.spawned') this.#spawned(event as ManagerEvent<'process.spawned'>, ctx);
    for (const view of ctx.processes()) this.#view(event, view);
  }

  #phase(event: ManagerEvent<'process.phase'>): void {
    const { name, from, to, cause } = event.data;
    const known = this.#of(name);
    if (known.phase !== from) this.#tell(event, `comes from ${from}, not ${known.phase}`);
    known.phase = to;
    const living = this.#os.living(name);
    const down = to === 'stopped' || to === 'backoff' || to === 'completed' || to === 'failed';
    if (down && living.length > 0 && cause?.code !== 'unkillable') this.#tell(event, `${to}, but ${living} is alive`);
    if (to === 'failed' && cause === undefined) this.#tell(event, 'failed without a cause');
    if (to === 'stopping') known.stoppingSince = event.at;
    const tookMs = event.at - known.stoppingSince;
    if (from === 'stopping' && tookMs > longestGraceMs + proofMs) this.#tell(event, `stopping took ${tookMs} ms`);
  }

  #spawned(event: ManagerEvent<'process.spawned'>, { settings }: Parameters<Watch['hear']>[1]): void {
    const { name, generation } = event.data;
    const known = this.#of(name);
    if (generation <= known.generation) this.#tell(event, `run ${generation} after ${known.generation}`);
    if (known.desired === 'down') this.#tell(event, 'though it is not wanted');
    known.generation = generation;
    known.ready = false;
    for (const [needed, wanted] of Object.entries(settings(name)?.dependsOn ?? {})) {
      const { phase, ready } = this.#of(needed);
      const isJob = settings(needed)?.kind === 'job';
      const there = {
        started: phase === 'starting' || phase === 'running' || phase === 'completed',
        ready: isJob ? phase === 'completed' : phase === 'running' && ready,
        completed: phase === 'completed',
      };
      if (!there[wanted]) this.#tell(event, `though ${needed} is not ${wanted} but ${phase}, ready ${ready}`);
    }
  }

  #view(event: ManagerEvent, { name, kind, phase, ready, pid, cause }: ProcessView): void {
    if (ready && phase !== (kind === 'job' ? 'completed' : 'running')) this.#tell(event, `${name}: ready in ${phase}`);
    if (pid !== undefined && ['stopped', 'backoff', 'completed'].includes(phase)) {
      this.#tell(event, `${name}: ${phase} with pid ${pid}`);
    }
    if (phase === 'failed' && cause === undefined) this.#tell(event, `${name}: failed without a cause`);
  }

  #of(name: string): Known {
    const known = this.#known.get(name) ?? { ...unknown };
    this.#known.set(name, known);
    return known;
  }

  #tell({ seq, type, data }: ManagerEvent, what: string): void {
    this.mistakes.push(`${seq} ${type} ${'name' in data ? data.name : ''}: ${what}`);
  }
}

const unknown: Known = { phase: 'stopped', desired: 'down', ready: false, generation: 0, stoppingSince: 0 };
