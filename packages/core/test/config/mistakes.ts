import { expect } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Config } from '../../src/contract/config.ts';
import { PromptbinError } from '../../src/errors/error.ts';

/** Resolves a config that must be refused, and returns what was found in it. */
export async function mistakesOf(
  config: unknown,
  { root = '/project', resolve = resolveConfig }: { root?: string; resolve?: typeof resolveConfig } = {},
): Promise<readonly ConfigIssue[]> {
  const fault = await resolve(config as Config, { root }).then(
    () => expect.fail('The config was accepted.'),
    (rejection: unknown) => rejection,
  );
  if (!PromptbinError.is(fault)) throw fault;
  expect(fault.code).toBe('PB_CONFIG_INVALID');
  return fault.details as readonly ConfigIssue[];
}

/** The same with only the texts: message and hint. */
export async function textsOf(...args: Parameters<typeof mistakesOf>): Promise<readonly string[]> {
  const issues = await mistakesOf(...args);
  return issues.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`));
}
