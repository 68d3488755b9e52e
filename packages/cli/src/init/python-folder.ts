import type { Candidate } from './candidate.ts';
import type { Folder } from './folder.ts';
import type { Module } from './python-modules.ts';
import type { PythonTools } from './python-tools.ts';

/** What the detection of a Python application stands on. */
export interface PythonFolder {
  readonly folder: Folder;
  readonly tools: PythonTools;
  readonly packages: ReadonlyMap<string, string>;
  readonly modules: readonly Module[];
}

/** An application and the module that holds it. */
export type PythonApplication = Candidate & { readonly module: Module };

/** Python holds back what it writes into a pipe. */
export const unbuffered: NonNullable<Candidate['env']> = {
  variables: { PYTHONUNBUFFERED: '1' },
  why: 'its output is seen at once',
};

export const pythonFiles: readonly string[] = ['**/*.py', '**/*.html'];
