import type { Cause, ManagerEvent, ProcessView, Veto } from '@promptbin/core';
import { type Context, viewOf } from '../context.ts';
import type { Decider } from '../decider.ts';
import { type Group, groupsOf, mistakeInGroups, restartedWith } from './group.ts';

/** How often a held member asks again: whoever holds it may be started or stopped before its time. */
const longestHoldMs = 1000;
/** The same while who goes first is on its way. */
const shortestHoldMs = 20;

/** The group of a process, as the config has it now. */
export function groupOf(ctx: Context, name: string): Group | undefined {
  const group = ctx.fields(name)?.group;
  if (group === undefined) return undefined;
  const memberships = ctx.processes().map((process) => [process.name, ctx.fields(process.name)?.group] as const);
  return groupsOf(ctx.options.groups ?? {}, memberships).find((one) => one.name === group);
}

/** Restarts the members of a group together, and ends all of them when their common budget is used up. */
export function keepGroups(ctx: Context, decider: Pick<Decider, 'givenUp'>): void {
  /** Who has failed and is to be tried again, until it is spawned: when, ms on the monotonic clock. */
  const retries = new Map<string, number>();

  const restartMates = ({ seq, data: { name } }: ManagerEvent<'process.retry'>): void => {
    const group = groupOf(ctx, name);
    if (group === undefined) return;
    const message = `group "${group.name}": "${name}" failed`;
    const cause: Cause = { code: 'dependencyRestarted', message, evidence: [], causedBy: seq };
    for (const mate of restartedWith(group, name)) {
      const process = viewOf(ctx, mate);
      if (process !== undefined && isLive(process)) ctx.request('restart', process, cause);
    }
  };

  const endGivenUp = ({ data: { name } }: ManagerEvent<'process.phase'>): void => {
    const group = groupOf(ctx, name);
    const cause = group && decider.givenUp(group.name);
    if (cause === undefined) return;
    for (const mate of group?.members ?? []) {
      const process = viewOf(ctx, mate);
      if (process === undefined) continue;
      if (isLive(process)) ctx.request('fail', process, cause);
      // Nothing of it is alive that could fail.
      else if (process.phase === 'waiting' || process.phase === 'backoff') ctx.request('stop', process, cause);
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

  ctx.hooks.configure.tap('groups', ({ processes }) => {
    const memberships = Object.values(processes).map(({ name, fields }) => {
      const own = fields[ctx.name] as { group?: string } | undefined;
      return [name, own?.group] as const;
    });
    const mistake = mistakeInGroups(ctx.options.groups ?? {}, memberships);
    if (mistake !== undefined) throw new Error(mistake);
    return undefined;
  });

  ctx.hooks.gate.tap('groups', ({ name }) => {
    const group = groupOf(ctx, name);
    if (group === undefined) return undefined;
    for (const other of group.members) {
      const mate = restartedWith(group, other).includes(name) ? viewOf(ctx, other) : undefined;
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
