import { createServer } from 'node:net';
import { definePlugin } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { testManager } from '../support/project.ts';

/** Its environment passes the check and fails when it is used: the second look at it throws. */
const trap = definePlugin({
  name: 'trap',
  options: z.undefined(),
  fields: z.undefined(),
  setup(ctx) {
    ctx.hooks.env.tap('trap', (env) => {
      let looks = 0;
      return Object.defineProperty({ ...env }, 'TRAP', {
        enumerable: true,
        get() {
          looks += 1;
          if (looks > 1) throw new Error('sprung');
          return 'set';
        },
      });
    });
  },
});

function bind(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer().once('error', reject);
  server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  return promise;
}

test('a launch that fails after its port was taken gives the port back', async () => {
  let held: number | undefined;
  const watch = definePlugin({
    name: 'watch',
    options: z.undefined(),
    fields: z.undefined(),
    setup(ctx) {
      ctx.hooks.plan.tap('watch', (plan) => {
        held = Number(plan.args[0]);
        return plan;
      });
    },
  });
  const web = { command: ['sleep', '{port}'] as const, port: 'auto' as const };
  const { manager } = await testManager({ plugins: [watch(), trap()], processes: { web } });
  await expect(manager.process('web').start()).rejects.toMatchObject({ code: 'PB_START_FAILED' });
  expect(manager.process('web').view).toMatchObject({ phase: 'failed', cause: { message: 'sprung' } });
  expect(held).toBeGreaterThan(0);
  await bind(Number(held));
});
