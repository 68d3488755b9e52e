import {
  type Cause,
  type ErrorGroup,
  errorsOf,
  type LogLine,
  type ProbeResult,
  type ProcessView,
  summarize,
} from '@promptbin/core';
import type { ToldFile } from '../actions/told-file.ts';
import type { Context } from '../context.ts';
import type { Change } from './unapplied.ts';

const most = { files: 10, errors: 5, lines: 10 };

/** What has become of one process since its files changed. */
export interface AppliedProcess {
  readonly name: string;
  readonly phase: ProcessView['phase'];
  readonly ready: boolean;
  readonly url?: string;
  readonly cause?: Cause;
  /** Also when it was down, and has been started. */
  readonly restarted: boolean;
  /** How many files have changed; at most 10 are told. */
  readonly count: number;
  readonly files: readonly ToldFile[];
  /** Why nothing has followed, or not all of it. */
  readonly note?: string;
  /** What its health checks find now; absent when nobody checks it. */
  readonly probes?: readonly ProbeResult[];
  /** Newest first, at most 5. */
  readonly newErrors: readonly ErrorGroup[];
  /** The newest, at most 10. */
  readonly newLogs: readonly LogLine[];
}

export interface Outcome {
  readonly view: ProcessView;
  readonly change: Change | undefined;
  readonly note: string | undefined;
}

/** @throws the reason of the signal */
export async function reportOn(
  ctx: Context,
  { view, change, note }: Outcome,
  signal: AbortSignal,
): Promise<AppliedProcess> {
  const { name, phase, ready, url, cause } = view;
  const output = ctx.use('output');
  const isNew = ({ generation }: { readonly generation: number }): boolean => generation > (change?.replaced ?? -1);
  const { cursor: newest } = output.page(name, { tail: 1 });
  const after = change?.cursor ?? newest;
  const { lines } = await output.read(name, { after, tail: most.lines });
  const probes = phase === 'running' ? await ctx.use('probes')?.check(name, signal) : undefined;
  return {
    name,
    phase,
    ready,
    ...(url === undefined ? {} : { url }),
    ...(cause === undefined ? {} : { cause }),
    restarted: change?.replaced !== undefined,
    count: change?.files.length ?? 0,
    files: change?.files.slice(0, most.files) ?? [],
    ...(note === undefined ? {} : { note }),
    ...(probes === undefined || probes.length === 0 ? {} : { probes }),
    newErrors: errorsOf(output.page(name, { after }).lines.filter(isNew)).slice(0, most.errors),
    newLogs: lines.filter(isNew),
  };
}

/** `web was restarted for 2 files: web is ready at http://127.0.0.1:5000 (…); 1 new error`. */
export function describeOutcome(
  view: ProcessView,
  { count, restarted, note, probes, newErrors }: AppliedProcess,
): string {
  const files = count === 1 ? '1 file' : `${count} files`;
  const bad = probes?.find(({ ok }) => !ok);
  return [
    `${restarted ? `restarted for ${files}: ` : count === 0 ? 'nothing has changed: ' : `${files} changed: `}${summarize(view)}`,
    ...(bad === undefined ? [] : [`its check by ${bad.by} fails: ${bad.message}`]),
    ...(newErrors.length === 0 ? [] : [newErrors.length === 1 ? '1 new error' : `${newErrors.length} new errors`]),
    ...(note === undefined ? [] : [note]),
  ].join('; ');
}
