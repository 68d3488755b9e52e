import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@promptbin/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { freePort } from '../../../core/test/support/network.ts';
import { restart } from '../../src/index.ts';

const unlucky = fileURLToPath(new URL('../fixtures/unlucky.mjs', import.meta.url));

/** Takes the first `most` ports that it is told of, after the manager has given them to a child and before that binds them. */
async function thief(most: number): Promise<number> {
  const taken: ReturnType<typeof createListener>[] = [];
  const take = async (port: number): Promise<void> => {
    const listener = createListener((connection) => connection.resetAndDestroy());
    taken.push(listener);
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
  };
  const control: Server = createServer(async (request, response) => {
    if (taken.length < most) await take(Number(request.url?.slice(1)));
    response.setHeader('connection', 'close').end();
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const server of [...taken, control]) server.close();
  });
  return (control.address() as AddressInfo).port;
}

const portsOf = async ({ root }: Managed): Promise<number[]> =>
  (await readFile(join(root, 'marks'), 'utf8')).trim().split('\n').map(Number);

describe('a port that another program takes before the app binds it', () => {
  it('is left to it: the next ones are tried at once, whatever the policy is', async () => {
    const control = await thief(2);
    const preferred = await freePort();
    const config = defineConfig({
      plugins: [restart({ policy: 'never' })],
      processes: { web: { command: [process.execPath, unlucky, 'marks', String(control)], port: preferred } },
    });
    await using run = await manage(config);
    const view = await run.manager.process('web').start();
    const ports = await portsOf(run);
    expect(ports).toHaveLength(3);
    expect(ports[0]).toBe(preferred);
    expect(new Set(ports).size).toBe(3);
    expect(view).toMatchObject({ ready: true, generation: 3, port: ports[2], attempt: 0, restarts: 0 });
    expect(await (await fetch(view.url as string)).text()).toBe('hello');

    expect(run.eventsOf('process.retry')).toMatchObject([
      { delayMs: 0, attempt: 0, port: 'next' },
      { delayMs: 0, attempt: 0, port: 'next' },
    ]);
    const [exited] = run.eventsOf('process.exited');
    expect(exited?.exit.cause).toMatchObject({ code: 'portInUse', message: `port ${preferred} is already in use` });
    expect(exited?.exit.cause.evidence[0]).toContain('EADDRINUSE');
  });

  it('ends a strict one by its policy', async () => {
    const control = await thief(1);
    const preferred = await freePort();
    const config = defineConfig({
      plugins: [restart({ policy: 'never' })],
      processes: {
        web: {
          command: [process.execPath, unlucky, 'marks', String(control)],
          port: { preferred, strict: true },
        },
      },
    });
    await using run = await manage(config);
    await expect(run.manager.process('web').start()).rejects.toThrow(`port ${preferred} is already in use`);
    expect(run.manager.process('web').view).toMatchObject({ phase: 'failed', cause: { code: 'portInUse' } });
    expect(await portsOf(run)).toEqual([preferred]);
  });
});
