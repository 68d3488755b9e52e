import type { Cause, ManagerEvent, ProcessView, Veto } from '@promptbin/core';
import type { Context } from '../context.ts';
import type { Decider } from '../decider.ts';
import { type Group, restartedWith } from './group.ts';
import type { Groups } from './groups.ts';

/** How often a held member asks again: whoever holds it may be started or stopped before its time. */
const longestHoldMs = 1000;
/** The same while who goes first is on its way. */
const shortestHoldMs = 20;

/** Restarts the members of a group together, and ends all of them when their common budget is used up. */
export function keepGroups(ctx: Context, groups: Groups, decider: Pick<Decider, 'givenUp'>): void {
  /** Who has failed and is to be tried again, until it is spawned: when, ms on the monotonic clock. */
  const retries = new Map<string, number>();

  const restartMates = ({ seq, data: { name } }: ManagerEvent<'process.retry'>): void => {
    const group = groups.of(name);
    if (group === undefined) return;
    const message = `group "${group.name}": "${name}" failed`;
    const cause: Cause = { code: 'dependencyRestarted', message, evidence: [], causedBy: seq };
    for (const mate of restartedWith(group, name)) {
      const process = ctx.process(mate);
      if (process !== undefined && isLive(process)) ctx.request('restart', process, cause);
    }
  };

  const endGivenUp = ({ data: { name } }: ManagerEvent<'process.phase'>): void => {
    const group = groups.of(name);
    const cause = group && decider.givenUp(group.name);
    if (cause === undefined) return;
    for (const mate of group?.members ?? []) {
      const process = ctx.process(mate);
      if (process === undefined) continue;
      if (isLive(process)) ctx.request('fail', process, cause);
      else ctx.request('giveUp', process, cause);
    }
  };

  const holdFor = (mate: ProcessView, group: Group): Veto | undefined => {
    const retryAt = retries.get(mate.name);
    const isOnItsWay = mate.phase === 'waiting' && mate.waitingFor === undefined;
    if (retryAt === undefined || (mate.phase !== 'backoff' && !isOnItsWay)) return undefined;
    const leftMs = mate.phase === 'backoff' ? retryAt - ctx.clock.now() : 0;
    return {
      reason: `"${mate.name}" of group "${group.name}" to be tried again`,
      retryAfterMs: Math.min(Math.max(leftMs, shortestHoldMs), longestHoldMs),
    };
  };

  ctx.hooks.gate.tap('groups', ({ name }) => {
    const group = groups.of(name);
    if (group === undefined) return undefined;
    // Few are to be tried again at any time, however many members there are.
    for (const other of retries.keys()) {
      if (groups.of(other) !== group || !restartedWith(group, other).includes(name)) continue;
      const mate = ctx.process(other);
      const veto = mate && holdFor(mate, group);
      if (veto !== undefined) return veto;
    }
    return undefined;
  });

  ctx.hooks.event.tap('groups', (event) => {
    const { type, data } = event;
    if (type === 'process.retry' && data.port === undefined) {
      retries.set(data.name, ctx.clock.now() + data.delayMs);
      restartMates(event);
    } else if (type === 'process.phase') {
      if (data.to !== 'backoff' && data.to !== 'waiting') retries.delete(data.name);
      endGivenUp(event);
    }
  });
}

function isLive({ phase }: ProcessView): boolean {
  return phase === 'starting' || phase === 'running';
}
