import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/http.ts';

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** Checks that are of no concern: the list of prompts never changes, and the server does not say that it could. */
const inapplicable = new Set(['sep-2575-server-sends-prompts-list-changed-on-subscription']);

const suites = {
  present: new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
  older: new URL('../../node_modules/@modelcontextprotocol/conformance-older/dist/index.js', import.meta.url),
};

/** The scenarios for servers that a revision requires, as the suite itself has them. */
export async function requiredBy(revision: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../requirements/${revision}.yaml`, suites.present), 'utf8');
  const [, section = ''] = /^server:\n((?: {2}- .*\n)+)/m.exec(text) ?? [];
  return section.split('\n').flatMap((line) => line.match(/\S+$/) ?? []);
}

/**
 * Runs the suite against a server, and gives what each scenario has found. A scenario with nothing to say is `nothing`, one that
 * is without fault `passed`, and else it is what it complains of.
 */
export async function runSuite(
  suite: keyof typeof suites,
  url: string,
  args: readonly string[],
): Promise<Map<string, unknown>> {
  const folder = await temporaryFolder();
  // Also when the test has run out of time.
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const bin = fileURLToPath(suites[suite]);
  await promisify(execFile)(process.execPath, [bin, 'server', '--url', url, '--output-dir', folder, ...args], {
    maxBuffer: 64 * 1024 * 1024,
    signal: ended.signal,
  });
  const found = new Map<string, unknown>();
  for (const entry of await readdir(folder)) {
    const [, scenario = entry] = /^server-(.+)-\d{4}-\d\d-\d\dT.*Z$/.exec(entry) ?? [];
    const checks: Check[] = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8'));
    found.set(scenario, judge(checks));
  }
  return found;
}

function judge(checks: readonly Check[]): unknown {
  const bad = checks.filter(
    ({ id, status }) => status !== 'SUCCESS' && status !== 'INFO' && !(status === 'SKIPPED' && inapplicable.has(id)),
  );
  if (bad.length > 0) return bad.map(({ id, status, errorMessage }) => `${status} ${id}: ${errorMessage}`);
  return checks.some(({ status }) => status === 'SUCCESS') ? 'passed' : 'nothing';
}
