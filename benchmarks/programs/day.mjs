// A day of a manager in some 90 s: `node --expose-gc day.mjs '{"install", "folder", "command", "hours", "hourMs"}'`.
// Ten processes, each checked and read every 20 ms instead of every 20 s, with 3,600 lines of output and a restart in every
// hour. Prints the heap after a collection, bytes, for each quarter; two snapshots of it are in `folder`.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { writeHeapSnapshot } from 'node:v8';

const { install, folder, command, hours, hourMs } = JSON.parse(process.argv[2]);
const { resolve } = createRequire(join(install, 'package.json'));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { createManager } = await load('@promptbin/core');
const { health } = await load('@promptbin/plugin-health');
const { restart } = await load('@promptbin/plugin-restart');

const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
// The last of its lines.
const check = { log: '0000003600', period: 20, startup: { period: 20 } };
const processes = Object.fromEntries(names.map((name) => [name, { command, health: check, restart: 'always' }]));
const plugins = [health({ sample: { period: 20 } }), restart()];
const manager = await createManager({ plugins, processes }, { root: folder, journal: true });
await manager.start();

const quarters = [];
for (let hour = 1; hour <= hours; hour += 1) {
  await sleep(hourMs);
  await Promise.all(names.map((name) => manager.process(name).restart()));
  await Promise.all(names.map((name) => manager.process(name).until('ready')));
  if ((hour * 4) % hours !== 0) continue;
  globalThis.gc();
  quarters.push(process.memoryUsage().heapUsed);
  const half = quarters.length === 2 ? 'half.heapsnapshot' : 'end.heapsnapshot';
  if (quarters.length % 2 === 0) writeHeapSnapshot(join(folder, half));
}
console.log(JSON.stringify(quarters));
await manager.close();
