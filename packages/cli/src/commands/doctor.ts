import { createInterface } from 'node:readline/promises';
import { examine, orphansOf } from '../doctor/examine.ts';
import { type Finding, forPrograms, type Repair } from '../doctor/finding.ts';
import { describeOrphan } from '../doctor/leftovers.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault, messageOf } from '../fault.ts';
import type { Screen } from '../render/screen.ts';
import type { Invocation } from './invocation.ts';

export interface DoctorOptions {
  /** Do something about what was found. */
  readonly fix: boolean;
  /** Without asking first. */
  readonly yes: boolean;
}

interface Mended {
  readonly text: string;
  readonly ok: boolean;
}

/** Says what is wrong with a project, and mends it when asked to. Exit code 1 when a problem is left. */
export async function doctor({ fix, yes }: DoctorOptions, invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const findings: Finding[] = [];
  for await (const finding of examine(invocation)) {
    findings.push(finding);
    if (!json) show(finding, out);
  }
  const repairs = fix ? findings.flatMap(({ repair }) => repair ?? []) : [];
  const mended = repairs.length > 0 && (await mayMend(repairs, yes, invocation)) ? await mend(repairs, invocation) : [];
  const problems = (mended.length === 0 ? findings : await all(examine(invocation))).filter(isProblem);
  if (mended.length > 0 && !json) for (const problem of problems) show(problem, out);
  const ok = problems.length === 0;
  if (json)
    out.json({ version: 1, ok, findings: findings.map(forPrograms), mended, problems: problems.map(forPrograms) });
  else if (ok) out.note('Nothing keeps this project from working.');
  return ok ? exitCodes.done : exitCodes.unreached;
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function isProblem({ level }: Finding): boolean {
  return level === 'problem';
}

/** Lists what managers that are gone have left running. Exit code 1 when there is something. */
export async function doctorOrphans(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const orphans = await orphansOf(invocation);
  if (orphans === undefined) {
    throw await fault('PB_COMMAND_FAILED', 'This platform does not tell what a process was started by.', {
      hint: 'Leftovers are found on Linux only.',
    });
  }
  const ok = orphans.length === 0;
  if (json) out.json({ version: 1, ok, orphans });
  else if (ok) out.note('No process of an earlier manager is left.');
  else for (const orphan of orphans) out.line(describeOrphan(orphan));
  return ok ? exitCodes.done : exitCodes.unreached;
}

function show({ check, level, text, evidence = [], advice }: Finding, out: Screen): void {
  const { palette } = out;
  if (level === 'ok') {
    out.note(`${palette.green('✔')} ${check}: ${text}`);
    return;
  }
  out.line(`${level === 'warning' ? palette.yellow('!') : palette.red('✖')} ${check}: ${text}`);
  for (const line of evidence) out.line(`    ${palette.dim(line)}`);
  if (advice !== undefined) out.line(`  ${palette.dim(advice)}`);
}

/** Says what is going to be done, and asks where there is somebody who can answer. */
async function mayMend(repairs: readonly Repair[], yes: boolean, { json, out }: Invocation): Promise<boolean> {
  if (!json) {
    out.note('--fix will:');
    for (const { text } of repairs) out.note(`  ${text}`);
  }
  if (yes) return true;
  if (json || !process.stdin.isTTY) {
    throw await fault('PB_COMMAND_INPUT', '--fix asks before it changes anything, and nobody can answer here.', {
      hint: 'Run: promptbin doctor --fix --yes',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Go on? [y/N] ').finally(() => terminal.close());
  return /^y(es)?$/i.test(answer.trim());
}

async function mend(repairs: readonly Repair[], { json, out, err }: Invocation): Promise<readonly Mended[]> {
  const mended: Mended[] = [];
  for (const repair of repairs) {
    const done = await repair.run().then(
      (text) => ({ text, ok: true }),
      (cause: unknown) => ({ text: messageOf(cause), ok: false }),
    );
    mended.push(done);
    if (!json && done.ok) out.note(`${out.palette.green('✔')} ${done.text}`);
    if (!json && !done.ok) err.line(`${err.palette.red('✖')} ${done.text}`);
  }
  return mended;
}
