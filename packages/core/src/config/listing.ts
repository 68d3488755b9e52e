import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { ConfigIssue } from './issues.ts';

/** With more mistakes, the lines around each would bury the list. */
const mostFrames = 5;

export interface ListingOptions {
  /** Files are shown relative to this folder. Default: in full. */
  readonly root?: string;
  /** With ANSI colors. Default false. */
  readonly color?: boolean;
}

/** The mistakes for people: each with its place, its hint and, when they are few, the lines around it. */
export function formatIssues(issues: readonly ConfigIssue[], options: ListingOptions = {}): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    options.color === true ? styleText(format, text, { validateStream: false }) : text;
  const entries = issues.map((issue) => {
    const place = placeOf(issue, options.root);
    const sentences = [issue.message, ...(issue.hint === undefined ? [] : [style('dim', issue.hint)])].join(' ');
    const line = place === undefined ? sentences : `${style('cyan', place)}  ${sentences}`;
    const frame = issues.length <= mostFrames ? issue.frame : undefined;
    return frame === undefined ? line : `${line}\n${style('dim', frame.replaceAll(/^/gm, '  '))}`;
  });
  return entries.join('\n');
}

function placeOf({ file, line, column, option, message }: ConfigIssue, root: string | undefined): string | undefined {
  if (option !== undefined) return message.startsWith(option) ? undefined : option;
  // A config that is no file has none, and the file alone is named above the list.
  if (file === undefined || line === undefined) return undefined;
  return [root === undefined ? file : relative(root, file), line, column].join(':');
}
