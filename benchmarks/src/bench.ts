// `pnpm bench [workload…]`
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders } from './contenders/index.ts';
import { buildPrograms } from './programs.ts';
import { runAll } from './run.ts';
import { workloads } from './workloads/index.ts';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true }, small: { type: 'boolean', default: false } },
});
const folder = mkdtempSync(join(tmpdir(), 'promptbin-bench-'));
const machine = { root, install: process.env.INSTALL ?? root, programs: buildPrograms(root, folder) };
const found = [];
for (const contender of contenders) {
  const version = await contender.find(machine);
  console.log(contender.name, version);
  if (version !== undefined && (values.only === undefined || values.only.includes(contender.name))) found.push(contender);
}
const results = await runAll({
  workloads: workloads.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  contenders: found,
  size: values.small ? 'small' : 'full',
  machine,
  log: (line) => console.log(line),
});
void results; void mkdirSync;
rmSync(folder, { recursive: true, force: true });
