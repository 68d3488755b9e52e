import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { promptbin, promptbinJson, statusOf } from './support/cli.ts';
import { configureExample, copyExample, setUpPython } from './support/example.ts';
import { bindOnce } from './support/ports.ts';
import { processesOf } from './support/processes.ts';

beforeAll(setUpPython, 180_000);

describe('stopping', () => {
  test('a slow request in flight is answered before the app is gone', async () => {
    const folder = await copyExample();
    await configureExample(folder);
    const up = promptbin(folder, ['up']);
    const [, url] = await up.prints(/web\s+(http:\S+)/);
    const answer = fetch(`${url}/_test/slow?seconds=2`);
    await up.prints(/slow request began/);
    const stopped = await promptbinJson(folder, 'stop', 'web');
    expect(stopped).toMatchObject({ code: 0, json: { ok: true, receipts: [{ name: 'web', killed: [] }] } });
    expect(await (await answer).json()).toEqual({ slept: 2 });
    await bindOnce(Number(new URL(String(url)).port));
    up.child.kill('SIGINT');
    expect(await up.finished).toMatchObject({ code: 0 });
  });

  test('an app that ignores SIGTERM is killed after the grace', async () => {
    const folder = await copyExample();
    const command = ['sh', '-c', 'trap "" TERM; echo deaf; while :; do sleep 1; done'];
    await configureExample(folder, { command, stop: { grace: '500ms' } });
    const up = promptbin(folder, ['up']);
    await up.prints(/deaf/);
    const stopped = await promptbinJson(folder, 'stop', 'web');
    expect(stopped.code).toBe(0);
    expect(stopped.json.receipts?.[0]?.killed.length).toBeGreaterThan(0);
    up.child.kill('SIGINT');
    await up.finished;
    expect(processesOf(folder)).toEqual([]);
  });

  test("Flask's debug reloader, two processes, leaves nothing; ten restarts never find the port taken", async () => {
    const folder = await copyExample();
    const command = [join(folder, '.venv', 'bin', 'python'), 'app.py', '--debug'];
    await configureExample(folder, { command });
    const up = promptbin(folder, ['up']);
    await up.prints(/web\s+http:/);
    const { port } = await statusOf(folder, 'web');
    expect(processesOf(folder).filter(({ command: line }) => line.includes('app.py'))).toHaveLength(2);
    for (let round = 1; round <= 10; round += 1) {
      const { code, json } = await promptbinJson(folder, 'restart', 'web');
      expect(code, JSON.stringify(json)).toBe(0);
      expect(json.processes?.[0]).toMatchObject({ ready: true, port, restarts: round });
    }
    expect(up.output.stdout).not.toContain('already in use');
    const down = await promptbinJson(folder, 'down');
    expect(down).toMatchObject({ code: 0, json: { ok: true } });
    expect(await up.finished).toMatchObject({ code: 0 });
    expect(processesOf(folder)).toEqual([]);
    await bindOnce(Number(port));
    expect(existsSync(join(folder, '.promptbin', 'control.sock'))).toBe(false);
  }, 180_000);
});
