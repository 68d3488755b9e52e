import {
  type ManagedProcess,
  type Manager,
  type PluginContext,
  type ProcessView,
  PromptbinError,
  systemClock,
} from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import { testManager } from '../support/project.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { createVirtualOs } from '../support/virtual-os.ts';
import { Watch } from './soak-watch.ts';
import { backsOff, calm, configs, faulty, longestGraceMs } from './soak-world.ts';

type Context = PluginContext<undefined, undefined, never>;

// Other seeds: SOAK_SEEDS=7,8 npx -y pnpm@12 test soak
const seeds = (process.env.SOAK_SEEDS ?? '1,2,3,4,5,6').split(',').map(Number);
const soakMs = 30 * 60_000;

/** Why a command beside a process is cut short. */
const enough = new Error('enough');

async function soak(seed: number): Promise<{ spawned: number; commands: number }> {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const clock = new VirtualClock();
  const cause = { code: 'requested', message: 'the soak wants it', evidence: [] } as const;
  let behave = calm as ReturnType<typeof faulty>;
  const os = createVirtualOs(clock, (plan) => behave(plan));
  const watch = new Watch(os);
  let ctx!: Context;
  const plugins = [
    backsOff((context) => {
      ctx = context;
      context.hooks.event.tap('watch', (event) => watch.hear(event, context));
    }),
  ];
  const { manager } = await testManager(
    { plugins, processes: configs[0] ?? {} },
    { clock, runner: os.runner, log: false },
  );

  /** Commands that have not been answered. */
  const open = new Set<string>();
  let commands = 0;
  const issue = (what: string, answer: Promise<unknown>, longestMs = Infinity): void => {
    commands += 1;
    const [began, label] = [clock.now(), `${what} at ${clock.now()}`];
    open.add(label);
    const settled = (): void => {
      open.delete(label);
      const tookMs = clock.now() - began;
      if (tookMs > longestMs) watch.mistakes.push(`${label} took ${tookMs} ms`);
    };
    answer.then(settled, (fault: unknown) => {
      settled();
      if (!PromptbinError.is(fault) && fault !== enough) watch.mistakes.push(`${label}: ${fault}`);
    });
  };
  const probe = (name: string): Promise<unknown> => {
    const cut = new AbortController();
    clock.after(next() * 4000, () => cut.abort(enough));
    return ctx.use('exec').run(name, { command: 'probe', args: [] }, { signal: cut.signal });
  };
  const condition = (view: ProcessView): void =>
    ctx.condition(view, 'ready', { status: next() < 0.5 ? 'true' : 'false', reason: 'Soak' });
  const kill = (name: string): Promise<unknown> =>
    manager.call('process.stop', { name, graceSec: 0 }, { caller: 'soak' });
  /** Weighted: what stands here more often is done more often. */
  const acts: readonly ((view: ProcessView, process: ManagedProcess) => void)[] = [
    ({ name }, process) => issue(`start ${name}`, process.start()),
    ({ name }, process) => issue(`start ${name}`, process.start()),
    ({ name }, process) => issue(`restart ${name}`, process.restart()),
    ({ name }, process) => issue(`stop ${name}`, process.stop(), stopMs),
    ({ name }) => issue(`kill ${name}`, kill(name), stopMs),
    ({ name }) => issue(`probe ${name}`, probe(name), 25_000),
    () => issue('reload', manager.reload({ plugins, processes: pick(configs) })),
    () => issue('start all', manager.start()),
    (view) => condition(view),
    (view) => ctx.request('fail', view, cause),
    (view) => ctx.request('start', view, cause),
    (view) => ctx.request('restart', view, cause),
    (view) => ctx.request('stop', view, cause),
  ];
  const act = (): void => {
    const view = pick(manager.processes());
    pick(acts)(view, manager.process(view.name));
  };
  onTestFinished(async () => {
    const closed = manager.close('the test has ended', { force: true }).then(() => true);
    const later = async (): Promise<boolean> => clock.advance(1000).then(() => false);
    while (!(await Promise.race([closed, later()])));
  });

  // What is read and written once, really, is over before the time begins.
  await manager.start();
  await untilSpawned(manager);
  behave = faulty(next);
  while (clock.now() < soakMs) {
    await clock.advance(Math.floor(next() ** 3 * 8000));
    for (let count = next() < 0.2 ? 3 : 1; count > 0; count -= 1) act();
    if (watch.mistakes.length > 0) break;
  }
  const where = `seed ${seed}, ${clock.now()} ms`;
  expect(watch.mistakes.slice(0, 10), where).toEqual([]);

  // Once nothing fails any more, everything comes up that is asked for. A job that is started again restarts others.
  behave = calm;
  issue('the last reload', manager.reload({ plugins, processes: configs[0] ?? {} }));
  for (let round = 0; round < 3; round += 1) {
    await clock.advance(120_000);
    for (const view of manager.processes()) ctx.condition(view, 'ready', { status: 'true', reason: 'Calm' });
    for (const { name } of manager.processes().filter(({ ready }) => !ready)) {
      issue(`the last start of ${name}`, manager.process(name).start());
    }
  }
  await clock.advance(120_000);
  expect(
    manager.processes().filter(({ ready }) => !ready),
    where,
  ).toEqual([]);
  expect([...open], where).toEqual([]);

  behave = faulty(next);
  for (const { name } of manager.processes()) issue(`restart ${name} at the end`, manager.process(name).restart());
  await clock.advance(3000);
  behave = calm;
  await clock.advance(1000);
  const report = manager.close();
  issue('close', report, stopMs);
  await clock.advance(stopMs);
  await clock.advance(20_000);
  expect([...open], where).toEqual([]);
  expect(watch.mistakes.slice(0, 10), where).toEqual([]);
  expect(os.mistakes, where).toEqual([]);
  expect(os.living(), where).toEqual([]);
  expect(clock.pending, where).toBe(0);
  return { spawned: os.spawned, commands };
}

/** The longest chain of dependants has six ranks, and what is being stopped already may have to be waited for. */
const stopMs = 7 * (longestGraceMs + 5100);

async function untilSpawned(manager: Manager): Promise<void> {
  while (!manager.processes().some(({ generation }) => generation > 0)) await systemClock.sleep(1);
}

test.each(seeds)('30 minutes of faults and commands, seed %i', async (seed) => {
  const { spawned, commands } = await soak(seed);
  // Else nothing has been tested.
  expect(spawned).toBeGreaterThan(200);
  expect(commands).toBeGreaterThan(500);
});
