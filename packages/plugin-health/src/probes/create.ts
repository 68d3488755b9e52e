import type { PluginContext, ProcessView } from '@promptbin/core';
import { ExecProbe } from './exec.ts';
import { HeartbeatProbe } from './heartbeat.ts';
import { HttpProbe } from './http.ts';
import { type Asked, Incarnations } from './incarnations.ts';
import { LogProbe } from './log.ts';
import { NotifyProbe } from './notify.ts';
import type { Probe, Subject } from './probe.ts';
import { TcpProbe } from './tcp.ts';

export type { Asked };

/** What the probes need of a plugin's context. */
export type ProbeContext = Pick<
  PluginContext<unknown, unknown, never>,
  'hooks' | 'clock' | 'root' | 'process' | 'settings' | 'use' | 'onDispose'
>;

export interface Probes {
  /**
   * A probe of this incarnation, to be disposed of. Undefined when there is nothing to ask, so that nothing is known: it
   * was spawned without the descriptor or the socket that this takes, or is gone.
   */
  create(asked: Asked, process: ProcessView): Probe | undefined;
}

/**
 * Prepares what must be there before a process is spawned: its descriptor, its socket, the state of its heartbeat. Fails
 * the start of a process that cannot be heard here.
 *
 * @param askedOf what a process is checked for, as configured now
 */
export function installProbes(ctx: ProbeContext, askedOf: (name: string) => readonly Asked[]): Probes {
  const { root, clock } = ctx;
  const [network, exec, output] = [ctx.use('network'), ctx.use('exec'), ctx.use('output')];
  const incarnations = new Incarnations({ root, clock, output }, ctx, askedOf);
  const subjectOf = (process: ProcessView): Subject | undefined => {
    const { name, generation } = process;
    const settings = ctx.settings(name);
    const view = (): ProcessView => ctx.process(name) ?? process;
    return settings && { name, generation, settings, root, clock, network, exec, output, view };
  };
  return {
    create({ kind, means }, process) {
      const subject = subjectOf(process);
      const incarnation = incarnations.of(process);
      if (subject === undefined || incarnation === undefined) return undefined;
      // It may have lived for long when the first check comes: until then nothing was asked of it.
      const isLenient = kind === 'liveness';
      switch (means.kind) {
        case 'http':
          return new HttpProbe(means, subject);
        case 'tcp':
          return new TcpProbe(means, subject);
        case 'exec':
          return new ExecProbe(means, subject);
        case 'log':
          return new LogProbe(means, subject, incarnation.log(means), isLenient);
        case 'heartbeat':
          return new HeartbeatProbe(means, subject, incarnation.heartbeat(means), isLenient);
        case 'notify':
          return incarnation.channels.has(means.by) ? new NotifyProbe(means, kind, incarnation, clock) : undefined;
      }
    },
  };
}
