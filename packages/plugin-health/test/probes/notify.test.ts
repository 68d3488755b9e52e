import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig } from '@promptbin/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { manage } from '../../../../test-support/manage.ts';
import { health, type NotifyFields } from '../../src/index.ts';
import { installDatagrams, puppet, tell, temporaryFolder } from './puppet.ts';

const plugins = [health({ sample: false })];
const poll = { timeout: 30_000 };

/** A process that is told what to say. */
const webBy = (notify: NotifyFields, command = puppet()) => ({
  web: { command, health: { notify, period: '20ms' }, stop: { grace: '1s' } } as const,
});

describe('a line on a descriptor', () => {
  it('makes a process ready', async () => {
    await using run = await manage(defineConfig({ plugins, processes: webBy(true) }));
    const web = run.manager.process('web');
    const started = run.manager.start();
    const isSeen = () => run.eventsOf('process.condition').some(({ value }) => value.message?.includes('descriptor 3'));
    await expect.poll(isSeen, poll).toBe(true);
    expect(web.view.ready).toBe(false);
    await tell(run.root, 'line');
    await started;
    const { conditions } = await web.until('ready');
    // It says nothing about how alive it is.
    expect(conditions.healthy.status).toBe('unknown');
  });

  it('is waited for until the deadline', async () => {
    const processes = { web: { ...webBy(true).web, ready: { timeout: '500ms' } } as const };
    await using run = await manage(defineConfig({ plugins, processes }));
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain('no line on descriptor 3 yet');
  });
});

describe('sd_notify', () => {
  let sockets: string;
  beforeEach(async () => {
    sockets = await temporaryFolder();
    vi.stubEnv('XDG_RUNTIME_DIR', sockets);
    return () => vi.unstubAllEnvs();
  });
  const socketsLeft = async () => (await readdir(sockets)).length;

  it('makes a process ready, and not ready while it says so', async () => {
    await using run = await manage(defineConfig({ plugins, processes: webBy('systemd') }));
    await installDatagrams(run.root);
    const web = run.manager.process('web');
    const started = run.manager.start();
    await tell(run.root, 'notify STATUS=Loading');
    const messages = () => run.eventsOf('process.condition').map(({ value }) => value.message);
    await expect.poll(messages, poll).toContain('no READY=1 yet: Loading');
    await tell(run.root, 'notify READY=1|STATUS=Serving');
    await started;
    await web.until('ready');
    await expect.poll(() => web.view.conditions.ready.message, poll).toBe('Serving');
    await tell(run.root, 'notify RELOADING=1');
    await web.until(({ conditions }) => conditions.ready.status === 'false');
    await tell(run.root, 'notify READY=1');
    await web.until('ready');
    expect(web.view.conditions.healthy.status).toBe('unknown');
    expect(await socketsLeft()).toBe(1);
    await web.stop();
    await expect.poll(socketsLeft, poll).toBe(0);
  });

  it('hears only the incarnation whose socket it is', async () => {
    await using run = await manage(defineConfig({ plugins, processes: webBy('systemd') }));
    await installDatagrams(run.root);
    await tell(run.root, 'notify READY=1');
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until('ready');
    await writeFile(join(run.root, 'say'), '');
    const restarted = web.restart();
    const isSecond = ({ generation, value }: { generation: number; value: { message?: string } }) =>
      generation === 2 && value.message === 'no READY=1 yet';
    await expect.poll(() => run.eventsOf('process.condition').some(isSecond), poll).toBe(true);
    expect(web.view).toMatchObject({ generation: 2, ready: false });
    await expect.poll(socketsLeft, poll).toBe(1);
    await tell(run.root, 'notify READY=1');
    await restarted;
    await web.until('ready');
  });

  it('gives each of several that start at once a socket of its own', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const processes = Object.fromEntries(names.map((name) => [name, webBy('systemd', puppet(name)).web]));
    await using run = await manage(defineConfig({ plugins, processes }));
    await installDatagrams(run.root);
    const started = run.manager.start();
    for (const name of ['c', 'a']) await tell(run.root, 'notify READY=1', name);
    for (const name of ['c', 'a']) await run.manager.process(name).until('ready');
    const waits = (name: string) =>
      run.eventsOf('process.condition').some((said) => said.name === name && said.value.message === 'no READY=1 yet');
    await expect.poll(() => waits('b') && waits('d'), poll).toBe(true);
    for (const name of ['b', 'd']) {
      expect(run.manager.process(name).view.ready).toBe(false);
      await tell(run.root, 'notify READY=1', name);
    }
    await started;
    expect(await socketsLeft()).toBe(4);
    await run.manager.close();
    expect(await socketsLeft()).toBe(0);
  });

  it('tells the process to give signs of life, and misses them', async () => {
    const print = ['sh', '-c', 'echo "usec=$WATCHDOG_USEC pid=$WATCHDOG_PID"; exec "$@"', 'sh', ...puppet()] as const;
    vi.stubEnv('WATCHDOG_PID', '1');
    vi.stubEnv('NOTIFY_SOCKET', '/nowhere');
    const processes = webBy({ systemd: true, maxAge: '2s' }, print);
    await using run = await manage(defineConfig({ plugins, processes }));
    await installDatagrams(run.root);
    const web = run.manager.process('web');
    await tell(run.root, 'notify READY=1');
    await run.manager.start();
    const { conditions } = await web.until(({ healthy }) => healthy === false);
    expect(web.logs().lines.map(({ text }) => text)).toContain('usec=2000000 pid=');
    expect(conditions.healthy.message).toMatch(/no WATCHDOG=1 for 2(\.\d+)? s/);
    expect(conditions.ready.status).toBe('true');
    await tell(run.root, 'notify WATCHDOG=1');
    await web.until(({ healthy }) => healthy === true);
  });

  it('takes a process for not ready as soon as it says so, and for ready again, whatever the threshold and the period', async () => {
    const slow = {
      ...webBy('systemd').web,
      health: { notify: 'systemd', period: '1h', failureThreshold: 1000 },
    } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: slow } }));
    await installDatagrams(run.root);
    const web = run.manager.process('web');
    await tell(run.root, 'notify READY=1');
    await run.manager.start();
    await web.until('ready');
    for (const [word, busy] of [
      ['RELOADING=1', 'reloading'],
      ['STOPPING=1', 'stopping'],
    ]) {
      await tell(run.root, `notify ${word}`);
      const { conditions, phase } = await web.until(({ ready }) => !ready);
      expect([phase, conditions.ready.message]).toEqual(['running', `readiness: it says that it is ${busy}`]);
      await tell(run.root, 'notify READY=1');
      await web.until('ready');
    }
  });

  it('takes WATCHDOG=trigger for broken at once, whatever the threshold', async () => {
    const notify = { systemd: true, maxAge: '1h' } as const;
    const web_ = { ...webBy(notify).web, health: { notify, period: '1h', failureThreshold: 1000 } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    await installDatagrams(run.root);
    const web = run.manager.process('web');
    await tell(run.root, 'notify READY=1');
    await run.manager.start();
    await web.until(({ healthy }) => healthy === true);
    await tell(run.root, 'notify WATCHDOG=trigger');
    const { conditions } = await web.until(({ healthy }) => healthy === false);
    expect(conditions.healthy.message).toContain('WATCHDOG=trigger');
  });

  it('leaves no socket when the launch is given up', async () => {
    await using run = await manage(defineConfig({ plugins, processes: webBy('systemd', ['./nothing-here']) }));
    await installDatagrams(run.root);
    await run.manager.start();
    await run.manager.process('web').until('failed');
    await expect.poll(socketsLeft, poll).toBe(0);
  });

  it('falls back to another folder when the path would be too long for a socket', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', join(sockets, 'x'.repeat(100)));
    await mkdir(join(sockets, 'x'.repeat(100)));
    vi.stubEnv('TMPDIR', sockets);
    await using run = await manage(defineConfig({ plugins, processes: webBy('systemd') }));
    await installDatagrams(run.root);
    await tell(run.root, 'notify READY=1');
    await run.manager.start();
    await run.manager.process('web').until('ready');
  });

  it.each([
    ['is not installed', undefined],
    ["does not load: Cannot find module 'nan'", 'throw new Error("Cannot find module \'nan\'\\nRequire stack:\\n- …")'],
    [
      'does not load: The module was compiled against a different Node.js version using NODE_MODULE_VERSION 93',
      'throw new Error("The module\\nwas compiled against a different Node.js version using\\nNODE_MODULE_VERSION 93.")',
    ],
  ])('fails the start at once when its package %s', async (why, source) => {
    await using run = await manage(defineConfig({ plugins, processes: webBy('systemd') }));
    if (source !== undefined) {
      await mkdir(join(run.root, 'node_modules', 'unix-dgram'), { recursive: true });
      await writeFile(join(run.root, 'node_modules', 'unix-dgram', 'index.js'), source);
    }
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain(`sd_notify needs the package "unix-dgram"`);
    expect(cause?.message).toContain(`and it ${why}; install it`);
    expect(await socketsLeft()).toBe(0);
    expect(run.eventsOf('plugin.fault')).toEqual([]);
  });
});
