import type { CauseCode } from '../../contract/process.ts';
import type { Level } from '../../state/level.ts';
import { ownCall } from '../traces/find.ts';
import type { Trace } from '../traces/trace.ts';

/** What a pattern has found, and of whom. */
export interface Found {
  /** The line, or the headline of the exception. */
  readonly text: string;
  /** The groups of the pattern that are not empty. */
  readonly names: readonly string[];
  readonly trace?: Trace;
  readonly process: Subject;
}

/** What is known of the process that has exited. */
export interface Subject {
  /** What it was told to listen on. */
  readonly port?: number | undefined;
  /** Its working folder: files in it are named without it. */
  readonly folder?: string | undefined;
}

/** How one kind of failure is recognised by what was written. All of it is data but the words. */
export interface Rule {
  readonly code: CauseCode;
  /** Looked for in single lines, and in the headlines of exceptions. Must be linear: lines are hostile. */
  readonly pattern: RegExp;
  /** What the exception has to be; such a rule is not for single lines. */
  readonly traced?: (trace: Trace) => boolean;
  /** Lines that were logged below this level are not asked; default `error`. */
  readonly least?: Level;
  /** Only after an exit with one of these codes. */
  readonly exits?: readonly number[];
  /** False for what only looks like it. */
  readonly fits?: (found: Found) => boolean;
  /** One sentence; by default what was found, with its place. */
  readonly message?: (found: Found) => string;
  /** One imperative sentence. */
  readonly hint?: (found: Found) => string | undefined;
  /** The port that it is about. */
  readonly port?: (found: Found) => number | undefined;
}

/** `app.py line 12: ` before what an exception says; nothing before a line. */
export function placed({ trace, process }: Pick<Found, 'trace' | 'process'>, words: string): string {
  const place = trace && placeOf(trace, process);
  return place === undefined ? words : `${place}: ${words}`;
}

/** `app.py line 12`. */
export function placeOf(trace: Trace, { folder }: Subject): string | undefined {
  const call = [trace, ...trace.origins].map(ownCall).find((one) => one !== undefined);
  return call === undefined ? undefined : `${inFolder(call.file, folder)} line ${call.line}`;
}

/** A file as it is called in the working folder. */
export function inFolder(file: string, folder: string | undefined): string {
  return folder !== undefined && file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
