import { connect } from 'node:net';
import type { NetworkService } from '../contract/services.ts';
import { stampOf } from '../process/env-stamp.ts';
import type { Run } from '../process/incarnation.ts';
import { findListener, probeListener } from '../process/listeners.ts';
import { resolveHost } from '../process/port-probe.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { treeOf } from '../process/tree.ts';
import { describeHolder } from '../state/words.ts';

const connectTimeoutMs = 1000;

/** The `network` service: whose is the listener, seen from a process of this manager. */
export function createNetwork(supervisors: ReadonlyMap<string, Supervisor>): NetworkService {
  const tree = async (name: string): Promise<readonly number[]> => {
    const { run, state } = supervisors.get(name) ?? {};
    return run === undefined || state?.pid === undefined ? [] : treeOf(state.pid, stampOf(run.plan.env));
  };
  /** Of each run that is there, the sockets that were found to be its own. */
  const sockets = new WeakMap<Run, Map<string, number>>();
  const socketsOf = (run: Run | undefined): Map<string, number> => {
    const known = (run && sockets.get(run)) ?? new Map<string, number>();
    if (run !== undefined) sockets.set(run, known);
    return known;
  };
  return {
    tree,
    async holder(port) {
      const found = await findListener(port);
      const [holder] = found === 'unknown' ? [] : found;
      return holder && describeHolder(holder);
    },
    async locate(name) {
      const location = await supervisors.get(name)?.run?.whereabouts?.look(() => tree(name));
      return location?.deviation;
    },
    async listener(name, port, host) {
      const { run, spec } = supervisors.get(name) ?? {};
      const addresses = host === undefined ? undefined : await resolveHost(host);
      const listener = await probeListener({ port, addresses }, { tree: () => tree(name), sockets: socketsOf(run) });
      if (listener.kind !== 'unknown') return listener;
      // The platform does not say whose it is; that there is one can be tried.
      return (await accepts(host ?? spec?.port?.host ?? '127.0.0.1', port)) ? listener : { kind: 'nobody' };
    },
  };
}

function accepts(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: connectTimeoutMs });
  const answer = (accepted: boolean): void => {
    socket.destroy();
    resolve(accepted);
  };
  socket.once('connect', () => answer(true));
  socket.once('timeout', () => answer(false));
  socket.once('error', () => answer(false));
  return promise;
}
