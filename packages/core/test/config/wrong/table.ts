import { join, relative } from 'node:path';
import { expect } from 'vitest';
import type { ConfigIssue } from '../../../src/config/issues.ts';
import { PromptbinError } from '../../../src/errors/error.ts';
import { loadConfig, project, resolveConfig } from '../project.ts';

/** A project with a config that is wrong, and all that is said about it. */
export interface Wrong {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly set?: readonly string[];
  /** `file:line:column  message  hint`, in the order in which they are told. */
  readonly says: readonly string[];
}

interface Refusal {
  readonly root: string;
  readonly message: string;
  readonly issues: readonly ConfigIssue[];
}

// The projects are bare: `@promptbin/*` is found from here.
const fallback = join(import.meta.dirname, '../../../../../examples/promptbin');

/** The error that the config of a project is refused with. */
export async function refusalOf({ files, set = [] }: Pick<Wrong, 'files' | 'set'>): Promise<Refusal> {
  const root = await project(files);
  const fault = await check(root, set);
  if (!PromptbinError.is(fault)) throw fault;
  return { root, message: fault.message, issues: fault.details as readonly ConfigIssue[] };
}

/** The mistakes of a project as they would be told, one a line. */
export async function mistakesIn(wrong: Pick<Wrong, 'files' | 'set'>): Promise<readonly string[]> {
  const { root, issues } = await refusalOf(wrong);
  return issues.map(({ file, line, column, option, message, hint }) => {
    const place = option ?? [file === undefined ? 'nowhere' : relative(root, file), line, column].join(':');
    return [place, message, ...(hint === undefined ? [] : [hint])].join('  ').replaceAll(root, 'ROOT');
  });
}

async function check(root: string, set: readonly string[]): Promise<unknown> {
  try {
    const { config, ...at } = await loadConfig({ from: root, set, fallback });
    await resolveConfig(config, at);
  } catch (fault) {
    return fault;
  }
  return expect.fail('The config was accepted.');
}
