import type { OutputLine } from '@promptbin/core';
import { connect, goneFault, type ManagerConnection, unlessGone } from '../control/client.ts';
import { listProcesses } from '../control/settle.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { tameLine } from '../render/color.ts';
import { Gutter } from '../render/lines.ts';
import { mergeByTime } from '../render/merge.ts';
import { projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { showFiles } from './log-files.ts';
import { createFilter, type LogFilter, usualLines } from './log-filter.ts';
import type { LogsOptions } from './options.ts';
import { RunMarks } from './run-marks.ts';

interface Followed {
  readonly name: string;
  /** The newest line that the manager keeps, of those that were looked at. */
  readonly newest?: OutputLine;
  readonly fits: ReturnType<LogFilter['forProcess']>;
}

/** What one process has written until now. */
interface Past extends Followed {
  /** Those that fit, oldest first. */
  readonly lines: readonly OutputLine[];
  /** The oldest line that was looked at. */
  readonly oldest?: OutputLine;
}

/** Shows what processes have written, and goes on with what they write. Without a manager, what the files hold. */
export async function logs(options: LogsOptions, invocation: Invocation): Promise<ExitCode> {
  const root = projectRoot(invocation);
  const filter = await createFilter(options);
  const connection = await unlessGone(() => connect(root));
  if (connection === undefined) {
    if (!options.follow && (await showFiles(root, options, filter, invocation))) return exitCodes.done;
    throw await goneFault(root);
  }
  await showLive(connection, options, filter, invocation);
  return exitCodes.done;
}

async function showLive(
  connection: ManagerConnection,
  options: LogsOptions,
  filter: LogFilter,
  { out, err, json }: Invocation,
): Promise<void> {
  const { processes, eventCursor } = await listProcesses(connection);
  const known = processes.map(({ name }) => name);
  const names = options.names.length === 0 ? known : [...new Set(options.names)];
  const gutter = new Gutter(out.palette, names);
  const isOne = options.names.length === 1;
  const marks = new RunMarks(connection);
  const show = async (line: OutputLine): Promise<void> => {
    if (json) {
      out.json(line);
      return;
    }
    const mark = await marks.before(line);
    if (mark !== undefined) out.line(out.palette.dim(mark));
    out.line(isOne ? tameLine(line.text, out.palette) : gutter.line(line));
  };
  void out.gone.then(() => connection.close());

  const past = await Promise.all(names.map((name) => readPast(connection, name, options, filter)));
  for (const { name, oldest } of past) {
    if (filter.since === undefined || oldest === undefined || oldest.seq === 1 || oldest.at < filter.since) continue;
    err.line(`The manager no longer has the first ${oldest.seq - 1} lines of ${name}; see .promptbin/logs/${name}.log`);
  }
  for (const line of mergeByTime(past.map(({ lines }) => lines))) {
    await show(line);
    await out.drained();
  }
  if (!options.follow) return;
  const follow = async ({ name, newest, fits }: Followed): Promise<void> => {
    let last = newest?.seq ?? 0;
    for await (const line of connection.lines(name, { after: last, follow: true })) {
      const missed = line.seq - last - 1;
      if (missed > 0 && !json) out.line(out.palette.dim(`… ${missed} lines of ${name} left out`));
      last = line.seq;
      if (fits(line)) await show(line);
      await out.drained();
    }
  };
  const following = past.map(follow);
  // Of all processes means also of those that a reload adds.
  if (options.names.length === 0) {
    for await (const { type, data } of connection.subscribe({ after: eventCursor })) {
      if (type !== 'process.added' || names.includes(data.name)) continue;
      gutter.add(data.name);
      following.push(follow({ name: data.name, fits: filter.forProcess() }));
    }
  }
  await Promise.all(following);
}

async function readPast(
  connection: ManagerConnection,
  name: string,
  { lines, since }: LogsOptions,
  { isOpen, forProcess }: LogFilter,
): Promise<Past> {
  const most = lines ?? (since === undefined ? usualLines : Number.POSITIVE_INFINITY);
  const fits = forProcess();
  const fitting: OutputLine[] = [];
  let oldest: OutputLine | undefined;
  let newest: OutputLine | undefined;
  // At least one: where it ends is where to go on.
  for await (const line of connection.lines(name, isOpen ? { tail: Math.max(most, 1) } : {})) {
    oldest ??= line;
    newest = line;
    if (fits(line)) fitting.push(line);
  }
  const chosen = fitting.slice(Math.max(0, fitting.length - most));
  return { name, lines: chosen, fits, ...(oldest && { oldest }), ...(newest && { newest }) };
}
