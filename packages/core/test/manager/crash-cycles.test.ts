import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { rounds } from '../../../../test-support/rounds.ts';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

/** 10,000 with PROMPTBIN_TEST_ROUNDS=50. */
const cycles = rounds(200);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use, bytes and open descriptors. */
function usage(): { readonly heap: number; readonly descriptors: number } {
  collect();
  return { heap: process.memoryUsage().heapUsed, descriptors: readdirSync('/proc/self/fd').length };
}

test(
  'a process that crashes again and again grows neither memory nor descriptors',
  async () => {
    const enough = Promise.withResolvers<void>();
    let half: ReturnType<typeof usage> | undefined;
    const again = plugin('again', (ctx) =>
      ctx.hooks.decide.tap('again', ({ generation }) => {
        // What is kept of the past is full by then.
        if (generation === cycles / 2) half = usage();
        if (generation < cycles) return { action: 'retry', delayMs: 0 };
        enough.resolve();
        return undefined;
      }),
    );
    const command = ['sh', '-c', 'echo "cannot go on: run $PROMPTBIN_RUN" >&2; exit 3'] as const;
    const { manager, events } = await testManager({ plugins: [again], processes: { web: { command } } });
    void manager
      .process('web')
      .start()
      .catch(() => undefined);
    // The test itself must not grow either.
    const forget = manager.on('process.exited', () => void events.splice(0));
    await enough.promise;
    await manager.process('web').until('failed');
    const end = usage();
    forget[Symbol.dispose]();
    expect(manager.process('web').view).toMatchObject({ generation: cycles, restarts: cycles - 1 });
    const grown = end.heap - (half?.heap ?? 0);
    console.info(
      `${cycles} crash cycles: ${(grown / 2 ** 20).toFixed(2)} MiB and ${end.descriptors - (half?.descriptors ?? 0)} descriptors more than half-way`,
    );
    expect(grown).toBeLessThan(5 * 2 ** 20);
    expect(end.descriptors).toBeLessThanOrEqual(half?.descriptors ?? 0);
  },
  300 * cycles + 60_000,
);
