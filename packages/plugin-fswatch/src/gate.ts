import { glob } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Veto } from '@promptbin/core';
import type { Context } from './context.ts';

/** How often is asked whether a lock has been released, ms. */
const askAgainMs = 250;

/** Who holds a lock file, such as `held by pid 42`; undefined when nobody does. */
export type Inspect = (file: string) => Promise<string | undefined>;

/** The locks that hold a process back, such as `data/prompts.lock, held by pid 42`; undefined when none does. */
export async function gateOf(
  { root, fields }: Pick<Context, 'root' | 'fields'>,
  name: string,
  inspect: Inspect,
): Promise<string | undefined> {
  const held: string[] = [];
  for (const pattern of fields(name)?.gate ?? []) {
    for (const file of await filesOf(root, pattern)) {
      const holder = await inspect(file);
      if (holder !== undefined) held.push(`${relative(root, file)}, ${holder}`);
    }
  }
  return held.length === 0 ? undefined : held.join('; ');
}

/** Keeps a process waiting while its gate is held. */
export function keepGates(ctx: Context, inspect: Inspect): void {
  ctx.hooks.gate.tapPromise('locks', async ({ name }): Promise<Veto | undefined> => {
    const reason = await gateOf(ctx, name, inspect);
    return reason === undefined ? undefined : { reason, retryAfterMs: askAgainMs };
  });
}

async function filesOf(root: string, pattern: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) files.push(resolve(root, file));
  return files.sort();
}
