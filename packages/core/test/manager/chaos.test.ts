import { type Config, definePlugin, type Manager, type ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { random } from '../../../../test-support/random.ts';
import { isAlive } from '../support/alive.ts';
import { testManager } from '../support/project.ts';

const sequences = 120;
const commands = 25;
const atOnce = 8;

/** Retries three times with hardly a delay, so that backoff is part of the chaos. */
const eager = definePlugin({
  name: 'eager',
  options: z.undefined(),
  fields: z.undefined(),
  setup(ctx) {
    ctx.hooks.decide.tap('eager', (view, exit) =>
      exit.code === 0 || view.attempt >= 3 ? undefined : { action: 'retry', delayMs: view.attempt * 5 },
    );
  },
});

const plugins = [eager()];
const stop = { grace: 30 };
const processes = {
  long: { command: ['sleep', '60'] as const, stop },
  failing: { command: ['sh', '-c', 'exit 3'] as const, stop },
  short: { command: ['sleep', '0.02'] as const, stop },
  stubborn: { command: ['sh', '-c', 'trap "" TERM; sleep 60; sleep 60'] as const, stop },
};
const { short: _, ...withoutShort } = processes;

/** What a reload may come up with: a process that differs, one that is not there, one that has new settings only. */
const configs: readonly Config['processes'][] = [
  processes,
  withoutShort,
  {
    ...processes,
    long: { ...processes.long, env: { A: '1' } },
    failing: { ...processes.failing, stop: { grace: 20 } },
  },
  { ...withoutShort, stubborn: { ...processes.stubborn, dependsOn: { long: 'started' } } },
];

/** Checks each fact as it comes. Returns what was wrong. */
function watch(manager: Manager): { mistakes: string[]; pids: Set<number> } {
  const mistakes: string[] = [];
  const pids = new Set<number>();
  const lastPid = new Map<string, number>();
  const lastPhase = new Map<string, string>();
  manager.on('process.spawned', ({ data }) => {
    const before = lastPid.get(data.name);
    if (before !== undefined && isAlive(before)) mistakes.push(`${data.name}: ${data.pid} beside ${before}`);
    lastPid.set(data.name, data.pid);
    pids.add(data.pid);
  });
  manager.on('process.phase', ({ data, seq }) => {
    const before = lastPhase.get(data.name) ?? 'stopped';
    if (before !== data.from) mistakes.push(`${data.name}: event ${seq} comes from ${data.from}, not ${before}`);
    lastPhase.set(data.name, data.to);
    if (data.to === 'failed' && data.cause === undefined) mistakes.push(`${data.name}: failed without a cause`);
    const pid = lastPid.get(data.name);
    const gone = ['stopped', 'failed', 'completed', 'backoff', 'waiting'].includes(data.to);
    if (gone && pid !== undefined && isAlive(pid)) mistakes.push(`${data.name}: ${data.to}, but ${pid} is alive`);
  });
  manager.on('process.removed', ({ data }) => {
    lastPhase.delete(data.name);
    const pid = lastPid.get(data.name);
    if (pid !== undefined && isAlive(pid)) mistakes.push(`${data.name}: removed, but ${pid} is alive`);
  });
  const bad = (event: ManagerEvent): void => void mistakes.push(`${event.type}: ${JSON.stringify(event.data)}`);
  manager.on('manager.defect', bad);
  manager.on('plugin.fault', bad);
  return { mistakes, pids };
}

/** Returns how many processes were spawned. */
async function runSequence(seed: number): Promise<number> {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const { manager } = await testManager({ plugins, processes }, { log: false });
  const { mistakes, pids } = watch(manager);
  await manager.start();
  const answers: Promise<unknown>[] = [];
  const refused = (fault: { code?: string }): void => {
    if (fault.code !== 'PB_MANAGER_CLOSED') mistakes.push(`a reload failed: ${fault}`);
  };
  for (let count = 0; count < commands; count += 1) {
    const action = pick(['start', 'stop', 'restart', 'kill', 'pause', 'pause', 'reload'] as const);
    const name = pick(manager.processes()).name;
    const process_ = manager.process(name);
    if (action === 'reload') answers.push(manager.reload({ plugins, processes: pick(configs) }).catch(refused));
    else if (action === 'pause') await new Promise((resolve) => setTimeout(resolve, next() * 25));
    else if (action === 'kill') killLeader(process_.view.pid);
    // Whether a start succeeds is chance; that every call gets an answer is not.
    else answers.push(process_[action]().catch((fault: Error) => fault.message));
  }
  const report = await manager.close();
  await Promise.all(answers);
  expect.soft(mistakes, `seed ${seed}`).toEqual([]);
  expect.soft(report.unstopped, `seed ${seed}`).toEqual([]);
  expect.soft([...pids].filter(isAlive), `seed ${seed}`).toEqual([]);
  return pids.size;
}

// The view may lag behind the exit: the pid is ours for as long as the manager has not reaped it.
function killLeader(pid: number | undefined): void {
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
}

test(`${sequences} random sequences of ${commands} commands: never two alive, none left, no gap between events`, async () => {
  let spawned = 0;
  for (let first = 1; first <= sequences; first += atOnce) {
    const counts = await Promise.all(Array.from({ length: atOnce }, (_, index) => runSequence(first + index)));
    spawned += counts.reduce((sum, count) => sum + count);
  }
  expect(spawned).toBeGreaterThan(sequences);
}, 300_000);
