import type { NextStep } from '../contract/explanation.ts';
import type { Cause, ProcessView } from '../contract/process.ts';
import type { Holder, Listener, NetworkService } from '../contract/services.ts';
import { summarize } from '../state/summary.ts';
import { describeHolder } from '../state/words.ts';

/** What the system tells at the moment about a cause. */
export interface Fact {
  /** Such as `port 5000 is held by pid 4711 (python app.py)`. */
  readonly text: string;
  /** In place of what the cause advises. */
  readonly hint?: string;
  readonly next?: NextStep;
  /** Of another manager: who is in the way. */
  readonly child?: { readonly pid: number } & NonNullable<Holder['child']>;
}

interface FactSources {
  readonly network: NetworkService;
  readonly views: readonly ProcessView[];
}

/** Who has the port that a process could not have, or should answer on the one that it could not reach. */
export async function findFact(
  { name, port: told }: ProcessView,
  cause: Cause,
  { network, views }: FactSources,
): Promise<Fact | undefined> {
  const port = cause.port ?? (cause.code === 'portInUse' ? told : undefined);
  if (port === undefined) return undefined;
  const others = views.filter((view) => view.name !== name);
  if (cause.code === 'unreachable') return serverFact(port, others);
  if (cause.code !== 'portInUse') return undefined;
  const listener = await network.listener(name, port);
  return holderFact(port, listener, await ownerOf(listener, others, network));
}

function serverFact(port: number, others: readonly ProcessView[]): Fact | undefined {
  const server = others.find((view) => view.port === port);
  if (server === undefined) return undefined;
  return {
    text: `port ${port} is that of ${JSON.stringify(server.name)}: ${summarize(server)}`,
    hint: `Bring up "${server.name}" first, and name it in \`dependsOn\`.`,
    next: { command: server.ready ? 'process.explain' : 'process.start', input: { name: server.name } },
  };
}

function holderFact(port: number, listener: Listener, owner: ProcessView | undefined): Fact | undefined {
  if (listener.kind === 'nobody') {
    return { text: `port ${port} is free now`, hint: `Start it again: port ${port} is free now.` };
  }
  if (listener.kind !== 'stranger') return undefined;
  const { pid, child } = listener;
  if (pid === undefined) return { text: `port ${port} is held by a program of another user` };
  const program = describeHolder(listener);
  if (owner === undefined) {
    return {
      text: `port ${port} is held by ${program}`,
      ...(child === undefined ? {} : { child: { pid, ...child } }),
      hint: holderHint(pid, port, child),
    };
  }
  return {
    text: `port ${port} is held by "${owner.name}" of this manager: ${program}`,
    hint: `Give this process another port: "${owner.name}" has ${port}.`,
    next: { command: 'process.explain', input: { name: owner.name } },
  };
}

function holderHint(pid: number, port: number, child: Holder['child']): string {
  if (child?.orphaned) return 'End what another manager has left with "promptbin doctor --fix".';
  return `Stop pid ${pid}, which has port ${port}, or give this process another one.`;
}

async function ownerOf(
  listener: Listener,
  others: readonly ProcessView[],
  network: NetworkService,
): Promise<ProcessView | undefined> {
  if (listener.kind !== 'stranger' || listener.pid === undefined) return undefined;
  const { pid } = listener;
  const up = others.filter((view) => view.pid !== undefined);
  const trees = await Promise.all(up.map(async (view) => ({ view, tree: await network.tree(view.name) })));
  return trees.find(({ tree }) => tree.includes(pid))?.view;
}
