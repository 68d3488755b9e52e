import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault, messageOf } from '../fault.ts';
import { version } from '../version.ts';
import type { Invocation } from './invocation.ts';

/** For a registry that does not answer, ms. */
const patienceMs = 30_000;

/** Asks the registry that npm uses for the newest version. Nothing else ever does. */
export async function upgradeCheck({ json, out }: Invocation): Promise<ExitCode> {
  const newest = await newestVersion();
  const isNewer = newest.localeCompare(version, 'en', { numeric: true }) > 0;
  if (json) out.json({ version: 1, ok: true, current: version, newest, isNewer });
  else if (isNewer)
    out.line(`promptbin ${newest} is there; this is ${version}. To get it: npm install promptbin@${newest}`);
  else out.line(`promptbin ${version} is the newest.`);
  return exitCodes.done;
}

/** By npm itself, which knows of proxies, certificates and private registries. */
async function newestVersion(): Promise<string> {
  const args = ['view', 'promptbin', 'dist-tags.latest', '--json', '--prefer-online', '--fetch-retries=0'];
  try {
    const { stdout } = await promisify(execFile)('npm', args, {
      timeout: patienceMs,
      shell: process.platform === 'win32',
    });
    const told: unknown = JSON.parse(stdout);
    if (typeof told === 'string') return told;
    throw new Error(`it answered ${stdout.trim() || 'nothing'}`);
  } catch (cause) {
    const [reason] = messageOf(cause).match(/(?<=^npm (?:error|ERR!) (?!code ))\S.*/m) ?? [messageOf(cause)];
    throw await fault('PB_COMMAND_FAILED', `npm cannot tell the newest version: ${reason}`, {
      hint: 'Try it by hand: npm view promptbin version',
    });
  }
}
