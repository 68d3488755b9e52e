import type { DependencyState } from '@promptbin/core';

/** A process that a folder seems to have, and why each part of it is as it is. */
export interface Candidate {
  /** Of the thing that was found; what other candidates depend on. */
  readonly id: string;
  /** Relative to the project, `.` for itself. */
  readonly folder: string;
  /** What its author calls it. Default: the name of the folder, `web` in the project's own. */
  readonly name?: string;
  /** For people, such as `Flask`. */
  readonly kind: string;
  readonly because: string;
  readonly command: string | readonly string[];
  readonly commandWhy?: string;
  readonly shell?: true;
  readonly job?: true;
  readonly env?: { readonly variables: Readonly<Record<string, string>>; readonly why: string };
  readonly envFile?: { readonly file: string; readonly why: string };
  readonly port?: Port;
  readonly health?: Health;
  /** How long it may take to become ready, when that can be long. */
  readonly patience?: { readonly timeout: string; readonly why: string };
  /** Globs of the files that it does not watch by itself. */
  readonly watch?: { readonly include: readonly string[]; readonly ignore?: readonly string[]; readonly why: string };
  /** By the `id` of the other. */
  readonly dependsOn?: Readonly<Record<string, DependencyState>>;
  /** What a reader of the config should know besides. */
  readonly notes?: readonly string[];
}

export interface Port {
  readonly number: number;
  /** The program cannot be told another. */
  readonly fixed?: true;
  readonly why: string;
}

export interface Health {
  readonly path: string;
  readonly why: string;
}

/** A service that runs in a container only: it is offered, and not taken. */
export interface Suggestion {
  readonly name: string;
  readonly file: string;
  readonly because: string;
}

/** One line of text where no word needs quotes, else a list of words. */
export function commandLine(words: readonly string[]): string | readonly string[] {
  return words.every((word) => /^[\w@%+=:,./{}()-]+$/.test(word)) ? words.join(' ') : words;
}
