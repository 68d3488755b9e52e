import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { freePort } from './ports.ts';
import { endProcessesOf } from './processes.ts';

const run = promisify(execFile);
const example = join(import.meta.dirname, '..', '..', 'examples', 'promptbin');
const own = new Set(['.venv', '.promptbin', 'data', '__pycache__', 'node_modules']);

/** Makes the virtual environment of the example once; the copies share it. */
export async function setUpPython(): Promise<void> {
  await run(process.execPath, ['setup.ts'], { cwd: example });
}

/**
 * A copy of `examples/promptbin` of its own. When the test ends nothing that was started from it is left.
 *
 * @param port stands in its config instead of 5000. Default: a free one
 */
export async function copyExample(port?: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-e2e-'));
  await cp(example, folder, { recursive: true, filter: (source) => !own.has(basename(source)) });
  await symlink(join(example, 'node_modules'), join(folder, 'node_modules'));
  const config = join(folder, 'promptbin.config.ts');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('port: 5000', `port: ${port ?? (await freePort())}`));
  await shareEnvironment(folder);
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

// The set-up job makes an environment anew when its folder is another one: here it is the same, and ten seconds are saved.
async function shareEnvironment(folder: string): Promise<void> {
  const [from, to] = [join(example, '.venv'), join(folder, '.venv')];
  await mkdir(to);
  for (const entry of await readdir(from)) {
    if (entry !== 'setup.json') await symlink(join(from, entry), join(to, entry));
  }
  const stamp = JSON.parse(await readFile(join(from, 'setup.json'), 'utf8')) as object;
  await writeFile(join(to, 'setup.json'), JSON.stringify({ ...stamp, location: to }));
}

/** Fields of the web process as they would be written in the config, beside those of the example. */
export interface WebFields {
  readonly command?: readonly string[];
  readonly port?: number | { preferred: number; strict?: boolean; handoff?: boolean; overlap?: boolean };
  readonly ready?: { timeout: string };
  readonly stop?: { grace: string };
  readonly env?: Record<string, string>;
  readonly health?: unknown;
  readonly restart?: unknown;
}

/** Health and restart settings that make in a second what takes a minute otherwise. */
const quick: WebFields = {
  health: {
    http: '/health',
    liveness: { http: '/health', period: '300ms', timeout: '1s', retries: 0, failureThreshold: 3 },
  },
  restart: { maxRestarts: 4, window: '60s', backoff: { initial: '100ms', factor: 1, jitter: 'none' } },
  env: { PROMPTBIN_TEST_ROUTES: '1' },
};

/** Writes a config with the example's processes and some fields of the web process changed. */
export async function configureExample(folder: string, web: WebFields = {}): Promise<void> {
  const fields = {
    command: [join(folder, '.venv', 'bin', 'gunicorn'), '--config', 'gunicorn.conf.py', 'app:app'],
    cwd: 'web',
    port: await freePort(),
    dependsOn: { setup: 'completed' },
    stop: { grace: '15s' },
    ...quick,
    ...web,
  };
  const setup = { kind: 'job', command: [process.execPath, 'setup.ts'] };
  const config = `
import { health } from '@promptbin/plugin-health';
import { mcp } from '@promptbin/plugin-mcp';
import { restart } from '@promptbin/plugin-restart';
export default {
  plugins: [health(), restart(), mcp()],
  processes: ${JSON.stringify({ setup, web: fields }, null, 2)},
};
`;
  await writeFile(join(folder, 'promptbin.config.ts'), config);
}
