// Rounds of faults in a project of its own; prints what was done, and fails when what a manager says is not what the machine says. In a mount namespace:
//
//   unshare --user --map-root-user --mount node e2e/chaos/run.ts SEED ROUNDS
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOrphans, findOrphans } from '@promptbin/core';
import { random } from '../../test-support/random.ts';
import { promptbin } from '../support/cli.ts';
import { marksOf } from '../support/marks.ts';
import { type Baselines, check } from './checks.ts';
import { faults } from './faults.ts';
import { type Steady, steady } from './state.ts';
import { makeWorld, removeWorld } from './world.ts';

/** On a busy machine, ms. */
const patienceMs = 60_000;

const [seed = 1, rounds = 10] = process.argv.slice(2).map(Number);
const next = random(seed);
const folder = mkdtempSync(join(tmpdir(), 'promptbin-chaos-'));
const baselines: Baselines = new Map();
const done: Record<string, number> = {};
const names = Object.keys(faults);
let context = `seed ${seed}`;

makeWorld(folder);
try {
  for (let round = 0; round <= rounds; round += 1) {
    const now = await settled();
    if (round === rounds) break;
    // The first rounds make each of them once.
    const few = Array.from({ length: 1 + Math.floor(next() * 3) }, () => names[Math.floor(next() * names.length)]);
    const chosen = [names[round] ?? few.pop(), ...few].filter((name) => name !== undefined);
    context = `seed ${seed}, round ${round}: ${chosen.join(', ')}`;
    const undos = [];
    for (const name of chosen) {
      done[name] = (done[name] ?? 0) + 1;
      undos.push(await faults[name]?.({ ...now, folder, next }));
      await pause(next() * 400);
    }
    await pause(next() * 600);
    for (const undo of undos) await undo?.();
  }
  const down = await promptbin(folder, ['down']).finished;
  if (down.code !== 0) throw new Error(`down has ended with ${down.code}: ${down.stderr}`);
  const left = marksOf(folder);
  if (left.length > 0) throw new Error(`down has left ${JSON.stringify(left)}`);
  console.log(JSON.stringify({ seed, rounds, managers: baselines.size, done }));
} catch (fault) {
  console.error(`${context}\n${fault instanceof Error ? fault.stack : fault}`);
  const { stdout } = await promptbin(folder, ['events', '-n', '60']).finished;
  console.error(stdout);
  process.exitCode = 1;
} finally {
  await promptbin(folder, ['down', '--force']).finished;
  await endOrphans((await findOrphans(folder)) ?? [], { graceMs: 0 });
  removeWorld(folder);
}

/** What a manager says, once it agrees with the machine: what hangs is found out only after a while. */
async function settled(): Promise<Steady> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      const now = await steady(folder, context);
      await check(folder, now, baselines);
      return now;
    } catch (fault) {
      if (performance.now() > deadline) throw fault;
      await pause(200);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
