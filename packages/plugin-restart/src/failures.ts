import { type Cause, describeUsage, type ManagerEvent, type Phase } from '@promptbin/core';
import { type Context, policyOf } from './context.ts';

/** What an incarnation has been found to be. */
interface Failing {
  readonly generation: number;
  readonly phases: readonly Phase[];
  readonly cause: Cause;
}

/** Ends what others have found to be unhealthy or over its limit: `decide` then says what comes next. */
export function endFailing(ctx: Context): void {
  /** By name: a policy that comes later may have to do with it. */
  const found = new Map<string, Failing>();

  const end = (name: string): void => {
    const [failing, process] = [found.get(name), ctx.process(name)];
    if (failing === undefined || process?.generation !== failing.generation) return;
    if (!failing.phases.includes(process.phase) || policyOf(ctx, process).when === 'never') return;
    ctx.request('fail', process, failing.cause);
  };

  ctx.hooks.event.tap('failing', (event) => {
    if (event.type === 'config.reloaded') for (const name of found.keys()) end(name);
    if (event.type === 'process.spawned' || event.type === 'process.removed') found.delete(event.data.name);
    if (event.type === 'process.condition' && event.data.condition === 'healthy') {
      const { name, value } = event.data;
      if (value.status === 'false') found.set(name, unhealthy(event));
      else if (found.get(name)?.cause.code === 'unhealthy') found.delete(name);
      end(name);
    } else if (event.type === 'process.limitExceeded') {
      found.set(event.data.name, overLimit(event));
      end(event.data.name);
    }
  });
}

function unhealthy({ seq, data: { generation, value } }: ManagerEvent<'process.condition'>): Failing {
  const { reason, message = reason, evidence = [] } = value;
  // While it starts it has a deadline of its own.
  return { generation, phases: ['running'], cause: { code: 'unhealthy', message, evidence, causedBy: seq } };
}

function overLimit({ seq, data }: ManagerEvent<'process.limitExceeded'>): Failing {
  const { generation, resource, value, max, forMs } = data;
  const unit = resource === 'memory' ? 'bytes' : '% of one core';
  const message = `${describeUsage(data)} for ${forMs / 1000} s`;
  const evidence = [`${resource}: ${value} ${unit}, limit ${max}`];
  return {
    generation,
    phases: ['starting', 'running'],
    cause: { code: 'limitExceeded', message, evidence, causedBy: seq },
  };
}
