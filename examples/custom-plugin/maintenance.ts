import { definePlugin, duration } from '@promptbin/core';
import * as z from 'zod';

declare module '@promptbin/core' {
  interface EventMap {
    'maintenance.changed': { on: boolean };
  }
}

/** While maintenance is on, a process with `maintenance: 'wait'` is not started. What runs goes on. */
export const maintenance = definePlugin({
  name: 'maintenance',
  // How often a process that waits asks again.
  options: z.strictObject({ retry: duration.default(1000) }).prefault({}),
  fields: z.enum(['wait', 'ignore']),
  setup(ctx) {
    let on = false;

    ctx.hooks.gate.tap('maintenance', ({ name }) => {
      if (!on || ctx.fields(name) !== 'wait') return undefined;
      return { reason: 'the end of maintenance', retryAfterMs: ctx.options.retry };
    });

    ctx.command({
      name: 'maintenance.set',
      tool: 'set_maintenance',
      summary: 'Turns maintenance on or off: while it is on, processes that wait for its end are not started.',
      effect: 'write',
      input: z.strictObject({ on: z.boolean() }),
      run(input) {
        on = input.on;
        ctx.emit('maintenance.changed', { on });
        return { summary: `Maintenance is ${on ? 'on' : 'off'}.` };
      },
    });
  },
});
