// `pnpm bench [workload…]`: see README.md.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installTarballs, packPackages } from '../../scripts/checks/tarballs.ts';
import type { Contender, Machine } from './contender.ts';
import { contenders } from './contenders/index.ts';
import { buildPrograms } from './programs.ts';
import { circumstances } from './report/machine.ts';
import { rewriteReport, updateReport } from './report/page.ts';
import { summarizeAll } from './report/summary.ts';
import { textTable } from './report/table.ts';
import { judge } from './report/targets.ts';
import { runAll } from './run.ts';
import { workloads } from './workloads/index.ts';

const root = join(import.meta.dirname, '..');
const workspace = join(root, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    small: { type: 'boolean', default: false },
    sources: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

const unknown = positionals.filter((name) => workloads.every((workload) => workload.name !== name));
if (unknown.length > 0) {
  console.error(`There is no workload "${unknown[0]}". There are: ${workloads.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const chosen = workloads.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const log = (line: string): void => console.error(line);

// The page alone, of the results that it was made of: after an edit of misses.md.
if (values.page) {
  rewriteReport(workspace, workloads);
  process.exit();
}

const folder = mkdtempSync(join(tmpdir(), 'promptbin-bench-'));
try {
  if (!values.sources) {
    log('Packing and installing promptbin…');
    // As its users do: what is measured is what they get.
    await installTarballs(folder, await packPackages(workspace, join(folder, 'tarballs')));
  }
  const machine: Machine = { root, install: values.sources ? root : folder, programs: buildPrograms(root, folder) };
  const { here, versions, missing } = await find(machine);
  const results = await runAll({
    workloads: chosen,
    contenders: here,
    size: values.small ? 'small' : 'full',
    machine,
    log,
  });
  const report = { circumstances: circumstances(workspace, versions, missing), results };
  for (const { title, name } of chosen) {
    console.log(`\n${title}`);
    for (const summary of summarizeAll(results.filter(({ workload }) => workload === name)))
      console.log(`\n${textTable(summary)}`);
  }
  console.log('\nTargets');
  for (const { target, met, found } of judge(results))
    if (met !== undefined) console.log(`  ${met ? 'met   ' : 'MISSED'}  ${target}: ${found}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, undefined, 1));
  if (values.report) updateReport(workspace, report, workloads);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Those that are installed here. */
async function find(machine: Machine): Promise<{
  readonly here: readonly Contender[];
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}> {
  const here: Contender[] = [];
  const versions: Record<string, string> = {};
  const missing: string[] = [];
  for (const contender of contenders) {
    const { name } = contender;
    if (values.only !== undefined && !values.only.includes(name)) continue;
    const version = await contender.find(machine);
    if (version === undefined) {
      missing.push(name);
      continue;
    }
    here.push(contender);
    versions[name] = version;
  }
  if (missing.length > 0) log(`Not installed here, and left out: ${missing.join(', ')}.`);
  return { here, versions, missing };
}
