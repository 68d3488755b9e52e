import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { promptbin, promptbinJson, statusOf } from './support/cli.ts';
import { copyExample, setUpPython } from './support/example.ts';
import { occupy } from './support/ports.ts';

beforeAll(setUpPython, 180_000);

interface Shared {
  readonly flask: { readonly port: number; readonly host: string; readonly debug: boolean };
  readonly mcp: object;
  readonly logging: object;
  readonly runtime: { readonly mode: string; readonly manager_pid: number };
}

/** Rewrites the config of the example. */
async function edit(folder: string, ...changes: readonly (readonly [from: string, to: string])[]): Promise<void> {
  const file = join(folder, 'promptbin.config.ts');
  let text = await readFile(file, 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  await writeFile(file, text);
}

const readShared = async (folder: string): Promise<Shared> =>
  JSON.parse(await readFile(join(folder, '.promptbin', 'shared.json'), 'utf8')) as Shared;

interface Logs {
  readonly lines: readonly { readonly text: string }[];
}

describe('what the manager and the Flask app share', () => {
  test('the app listens where it can, logs as it is told, and finds what changed after the next start', async () => {
    await using taken = await occupy();
    const folder = await copyExample(taken.port);
    const agent = await connectAgent(folder);
    const { facts } = await agent.call('start_process', { name: 'web' });
    expect(facts).toMatchObject({ ready: true });
    expect(facts.port).not.toBe(taken.port);
    expect(await (await fetch(`${facts.url}/health`)).json()).toMatchObject({ mode: 'mcp-managed' });
    const { pid } = (await promptbinJson(folder, 'ps')).json.manager ?? {};
    expect(await readShared(folder)).toEqual({
      flask: { port: facts.port, debug: false, host: '127.0.0.1' },
      mcp: { health_check_interval: 10, restart_threshold: 3, shutdown_timeout: 15 },
      logging: { level: 'INFO', format: 'json' },
      runtime: { mode: 'mcp-managed', data_dir: join(folder, 'data'), project: folder, manager_pid: pid },
    });
    expect((await stat(join(folder, '.promptbin', 'shared.json'))).mode & 0o777).toBe(0o600);
    const { facts: logs } = await agent.call<Logs>('read_logs', { name: 'web' });
    const messages = logs.lines.map(({ text }) => JSON.parse(text) as { level: string; message: string });
    expect(messages).toContainEqual(
      expect.objectContaining({ level: 'INFO', message: expect.stringContaining(`http://127.0.0.1:${facts.port}`) }),
    );

    await edit(folder, ["level: 'INFO', format: 'json'", "level: 'WARNING', format: 'text'"]);
    await promptbinJson(folder, 'reload');
    const { facts: again } = await agent.call('restart_process', { name: 'web' });
    expect(again).toMatchObject({ ready: true, port: facts.port });
    expect(await readShared(folder)).toMatchObject({ logging: { level: 'WARNING', format: 'text' } });
    await agent.client.close();
  });

  test('while the app is restarted again and again, every reader finds the file whole', async () => {
    const folder = await copyExample(0);
    const up = promptbin(folder, ['up']);
    await up.prints(/web\s+http:/);
    let restarting = true;
    const restarts = (async () => {
      for (let run = 0; run < 5; run += 1) {
        const { code } = await promptbinJson(folder, 'restart', 'web');
        expect(code).toBe(0);
        const { port = 0 } = await statusOf(folder, 'web');
        expect((await readShared(folder)).flask.port).toBe(port);
      }
    })().finally(() => {
      restarting = false;
    });
    let reads = 0;
    for (; restarting; reads += 1) {
      const { flask, runtime } = await readShared(folder);
      expect(flask.port).toBeGreaterThan(0);
      expect(runtime.manager_pid).toBe(up.child.pid);
    }
    await restarts;
    expect(reads).toBeGreaterThan(100);
    up.child.kill('SIGINT');
    expect(await up.finished).toMatchObject({ code: 0 });
  });
});

test('secrets of a process are in nothing that an agent or the command line is told', async () => {
  const folder = await copyExample();
  const token = 'tok-3f9a1b2c4d5e';
  const config = {
    processes: {
      web: {
        command: ['sh', '-c', 'echo "token: $API_TOKEN"; echo "again: $API_TOKEN" >&2; exit 3'],
        env: { API_TOKEN: token },
        autostart: false,
      },
      missing: { command: [`/nowhere/${token}`], autostart: false },
    },
  };
  await writeFile(join(folder, 'promptbin.config.ts'), `export default ${JSON.stringify(config)};\n`);
  const agent = await connectAgent(folder);
  const told: unknown[] = [];
  for (const name of ['web', 'missing']) {
    told.push(await agent.call('start_process', { name }));
    told.push(await agent.call('read_logs', { name }), await agent.call('explain_process', { name }));
    for (const command of ['why', 'logs']) {
      const { stdout, stderr } = await promptbin(folder, [command, name]).finished;
      told.push(stdout, stderr);
    }
  }
  for (const args of [
    ['ps', '--json'],
    ['config', 'print', '--json'],
  ]) {
    const { stdout, stderr } = await promptbin(folder, args).finished;
    told.push(args.join(' '), stdout, stderr);
  }
  await agent.client.close();
  const text = JSON.stringify([told, agent.pushed]);
  expect(text).toContain('token: [secret]');
  expect(text).toContain('/nowhere/[secret]');
  expect(text).not.toContain(token);
});
