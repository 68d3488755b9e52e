import { writeFile } from 'node:fs/promises';
import { defineConfig, type GetResult, type LogsResult } from '@promptbin/core';
import { expect, it } from 'vitest';
import { manage } from '../../../test-support/manage.ts';
import { health } from '../src/index.ts';

// It keeps an access log as werkzeug does: `127.0.0.1 - - [date] "GET / HTTP/1.1" 200 -`.
const served = {
  command: 'python3 -u -m http.server {port} --bind 127.0.0.1',
  port: 'auto',
  stop: { grace: '1s' },
} as const;
const caller = { caller: 'test' };

it('hides what the checks leave in the access log, and nothing that others have asked', async () => {
  const config = defineConfig({
    plugins: [health({ sample: false })],
    processes: { web: { ...served, health: { http: '/?health', period: '100ms' } } },
  });
  await using run = await manage(config);
  const web = run.manager.process('web');
  const { url } = await web.start();
  await fetch(`${url}/`);
  await fetch(`${url}/missing`);
  const asked = (target: string): number =>
    web.logs().lines.filter(({ text }) => text.includes(`"GET ${target} `)).length;
  await expect.poll(() => asked('/?health') >= 2 && asked('/missing') >= 1).toBe(true);
  const answer = await run.manager.call('process.logs', { name: 'web' }, caller);
  const { lines, filteredOut } = (answer as { value: LogsResult }).value;
  const texts = lines.map(({ text }) => text).join('\n');
  expect(texts).toContain('"GET / HTTP/1.1" 200');
  expect(texts).toContain('"GET /missing HTTP/1.1" 404');
  expect(texts).not.toContain('?health');
  expect(filteredOut).toBeGreaterThanOrEqual(2);
});

it('asks now when it is asked to, and changes nothing by that', async () => {
  const config = defineConfig({
    plugins: [health({ sample: false })],
    processes: {
      web: {
        ...served,
        health: {
          startup: { tcp: true },
          readiness: { http: '/', period: '1h' },
          liveness: { exec: 'test ! -e sick', period: '1h' },
        },
      },
    },
  });
  await using run = await manage(config);
  const get = async (): Promise<GetResult> => {
    const answer = await run.manager.call('process.get', { name: 'web', probe: true }, caller);
    return (answer as { value: GetResult }).value;
  };
  expect(await get()).toMatchObject({ probes: [], summary: 'web is stopped; not probed, for it is not running' });
  await run.manager.process('web').start();
  expect(await get()).toMatchObject({
    probes: [
      { kinds: ['readiness'], by: 'http', ok: true },
      { kinds: ['liveness'], by: 'exec', ok: true },
    ],
    summary: expect.stringMatching(/; readiness by http: ok \(\d+ ms\); liveness by exec: ok \(\d+ ms\)$/),
  });
  await writeFile(`${run.root}/sick`, '');
  const { probes, ready } = await get();
  expect(probes?.[1]).toMatchObject({ ok: false, message: expect.stringContaining('code 1') });
  expect(ready).toBe(true);
});

it('says that nobody checks where no plugin does', async () => {
  await using run = await manage(defineConfig({ processes: { web: { command: 'sleep 60' } } }));
  const answer = await run.manager.call('process.get', { name: 'web', probe: true }, caller);
  expect(answer).toMatchObject({ value: { summary: 'web is stopped; not probed: no plugin checks processes' } });
});
