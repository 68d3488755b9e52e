import { type Cause, describeUsage, type ManagerEvent, type Phase } from '@promptbin/core';
import { type Context, policyOf, viewOf } from './context.ts';

type Failing = Pick<Cause, 'code' | 'message' | 'evidence'>;

/** Ends what others have found to be unhealthy or over its limit: `decide` then says what comes next. */
export function endFailing(ctx: Context): void {
  const fail = (
    { seq, data }: ManagerEvent<'process.condition' | 'process.limitExceeded'>,
    phases: readonly Phase[],
    failing: Failing,
  ): void => {
    const process = viewOf(ctx, data.name);
    if (process?.generation !== data.generation || !phases.includes(process.phase)) return;
    if (policyOf(ctx, process).when === 'never') return;
    ctx.request('fail', process, { ...failing, causedBy: seq });
  };
  ctx.hooks.event.tap('failing', (event) => {
    if (event.type === 'process.condition' && event.data.condition === 'healthy') {
      const { status, reason, message = reason, evidence = [] } = event.data.value;
      // While it starts it has a deadline of its own.
      if (status === 'false') fail(event, ['running'], { code: 'unhealthy', message, evidence });
    } else if (event.type === 'process.limitExceeded') {
      const { resource, value, max, forMs } = event.data;
      const message = `${describeUsage(event.data)} for ${forMs / 1000} s`;
      const unit = resource === 'memory' ? 'bytes' : '% of one core';
      fail(event, ['starting', 'running'], {
        code: 'limitExceeded',
        message,
        evidence: [`${resource}: ${value} ${unit}, limit ${max}`],
      });
    }
  });
}
