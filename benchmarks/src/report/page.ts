import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../run.ts';
import type { Workload } from '../workload.ts';
import { scaleCurves } from '../workloads/scale.ts';
import type { Circumstances } from './machine.ts';
import { barPlot, curvePlot } from './plots.ts';
import { summarizeAll } from './summary.ts';
import { pageTable } from './table.ts';
import { judge } from './targets.ts';

export interface Report {
  readonly circumstances: Circumstances;
  readonly results: readonly CaseResult[];
}

/**
 * Writes `docs/benchmarks.md`, its plots, and the results that both are made of. What is there of other workloads stays.
 */
export function updateReport(root: string, { circumstances, results }: Report, workloads: readonly Workload[]): void {
  const measured = new Set(results.map(({ workload }) => workload));
  const others = readReport(root)?.results.filter(({ workload }) => !measured.has(workload)) ?? [];
  writeReport(root, { circumstances, results: [...others, ...results] }, workloads);
}

/** The same of the results that are there already. */
export function rewriteReport(root: string, workloads: readonly Workload[]): void {
  const report = readReport(root);
  if (report !== undefined) writeReport(root, report, workloads);
}

function readReport(root: string): Report | undefined {
  const file = join(folderIn(root), 'results.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
}

function writeReport(root: string, report: Report, workloads: readonly Workload[]): void {
  const folder = folderIn(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(report, undefined, 1)}\n`);
  const plot = (name: string, svg: string): string => {
    writeFileSync(join(folder, `${name}.svg`), svg);
    return `![](benchmarks/${name}.svg)`;
  };
  const sections = workloads.map((workload) => section(workload, report.results, plot));
  const reasons = readFileSync(join(root, 'benchmarks', 'misses.md'), 'utf8').trim();
  const text = [introduction(report.circumstances), targets(report.results), reasons, ...sections].join('\n\n');
  writeFileSync(join(root, 'docs', 'benchmarks.md'), `${text}\n`);
}

function folderIn(root: string): string {
  return join(root, 'docs', 'benchmarks');
}

function introduction({
  date,
  commit,
  cpu,
  cores,
  memoryBytes,
  system,
  node,
  contenders,
  missing,
}: Circumstances): string {
  const versions = Object.entries(contenders).map(([name, version]) => `${name} ${version}`);
  return `<!-- Made by \`pnpm bench --report\`. Do not edit. -->

# Benchmarks

Promptbin beside a floor in C (\`posix_spawn\` and \`waitpid\`, nothing else), bare Node (some lines of \`child_process\`) and its
peers. All ran on one machine, by turns, and state their first instruction by a monotonic clock. A figure is the median of the
rounds, with the least and the greatest; a ratio is to the floor, or to bare Node where there is none. Promptbin is the packed
tarballs in a project of their own, with plugin-health and plugin-restart as \`promptbin init\` writes them.

    npx -y pnpm@12 bench             # everything, as tables
    npx -y pnpm@12 bench start stop  # some workloads
    npx -y pnpm@12 bench --report    # everything, and this page

[benchmarks/README.md](../benchmarks/README.md) says how it is made. Machine: ${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}; Node ${node}.
Date: ${date}, commit ${commit}. Versions: ${versions.join(', ')}.${missing.length === 0 ? '' : ` Not installed there: ${missing.join(', ')}.`}
Absolute figures hold for that machine, ratios for most.`;
}

function targets(results: readonly CaseResult[]): string {
  const lines = judge(results).map(({ target, met, found }) => {
    const verdict = met === undefined ? '–' : met ? 'met' : '**missed**';
    return `| ${target} | ${verdict} | ${found} |`;
  });
  return ['## Targets', '', '| Target | | Measured |', '| --- | --- | --- |', ...lines].join('\n');
}

function section(
  { name, title, how }: Workload,
  results: readonly CaseResult[],
  plot: (name: string, svg: string) => string,
): string {
  const own = results.filter(({ workload }) => workload === name);
  if (own.length === 0) return `## ${title}\n\nNot measured.`;
  const parts = own.map((result, index) => {
    const summaries = summarizeAll([result]);
    const svg = summaries[0] && barPlot(summaries[0]);
    const image = svg === undefined || name === 'scale' ? [] : [plot(`${name}-${index + 1}`, svg)];
    return [`### ${result.case}`, ...image, pageTable(summaries)].join('\n\n');
  });
  const curves =
    name === 'scale'
      ? [plot('scale', curvePlot('promptbin by the number of processes', 'N', 'ms', scaleCurves(own)))]
      : [];
  return [`## ${title}`, how, ...curves, ...parts].join('\n\n');
}
