import type { ConfigIssue, PublicError } from '@promptbin/core';
import { issuesOf, publicError } from '../fault.ts';
import type { Screen } from './screen.ts';

/** Anything that was thrown, for people: mistakes in a config each with its place, as a terminal opens it. */
export async function showFault(screen: Screen, cause: unknown): Promise<void> {
  const { palette } = screen;
  const error = publicError(cause);
  const issues = issuesOf(cause);
  // What has no place is told best by the message.
  if (issues === undefined || issues.every(({ line, option }) => (line ?? option) === undefined)) {
    return showFailure(screen, error);
  }
  const { formatIssues } = await import('@promptbin/core/words');
  const list = formatIssues(issues, { root: process.cwd(), color: palette.isColorSupported });
  // A message of several lines begins with what the list is about.
  const [subject = '', ...rest] = error.message.split('\n');
  if (rest.length === 0) return screen.line(`${palette.red('error:')} ${list}`);
  screen.line(`${palette.red('error:')} ${subject}`);
  screen.line(list.replaceAll(/^(?=.)/gm, '  '));
}

/** What went wrong and what to do about it, for people. */
export function showFailure(screen: Screen, { message, hint }: PublicError): void {
  const { palette } = screen;
  screen.line(`${palette.red('error:')} ${message}`);
  if (hint !== undefined) screen.line(`  ${palette.dim(hint)}`);
}

/** The same for programs: with each mistake of a config in `errors`. */
export function failureJson(cause: unknown): Failure {
  const errors = issuesOf(cause);
  return { version: 1, ok: false, error: publicError(cause), ...(errors && { errors }) };
}

export interface Failure {
  readonly version: 1;
  readonly ok: false;
  readonly error: PublicError;
  readonly errors?: readonly ConfigIssue[];
}
