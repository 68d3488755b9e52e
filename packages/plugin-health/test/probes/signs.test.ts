import { monitorEventLoopDelay } from 'node:perf_hooks';
import { defineConfig } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { manage } from '../../../../test-support/manage.ts';
import { health } from '../../src/index.ts';
import { puppet, tell } from './puppet.ts';

const plugins = [health({ sample: false })];
const base = { command: puppet(), stop: { grace: '1s' } } as const;

describe('a line of output', () => {
  it('makes a process ready, whatever flags its RegExp has', async () => {
    const web_ = { ...base, health: { startup: { log: /SERVING on \d+/giy } } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    const started = run.manager.start();
    const messages = () => run.eventsOf('process.condition').map(({ value }) => value.message);
    await tell(run.root, 'print starting');
    await expect.poll(messages).toContain('no line with /SERVING on \\d+/i yet');
    await tell(run.root, 'print serving on 5000');
    await started;
    await run.manager.process('web').until('ready');
  });

  it('counts when it came before anybody looked for it', async () => {
    const web_ = { ...base, health: { startup: { log: 'first' }, readiness: { log: 'second' } } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    await tell(run.root, 'print second');
    await tell(run.root, 'print first');
    await run.manager.start();
    await run.manager.process('web').until('ready');
  });

  it('has to come again and again with "within"', async () => {
    const log = { pattern: 'tick', within: '1s' } as const;
    const web_ = { ...base, health: { log, period: '50ms', timeout: '100ms' } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    const web = run.manager.process('web');
    const started = run.manager.start();
    await tell(run.root, 'print tick');
    await started;
    await web.until(({ healthy }) => healthy === true);
    const view = await web.until(({ healthy }) => healthy === false);
    expect(view.conditions.healthy.message).toMatch(/^liveness: no line for 1/);
    await tell(run.root, 'print tick');
    await web.until(({ ready, healthy }) => ready && healthy === true);
  });

  it('may come ten thousand times at once, and the manager goes on with its work', async () => {
    const flood =
      'echo tick; until test -e go; do sleep 0.05; done; yes tick | head -n 10000; echo over; exec sleep 60';
    const log = { pattern: 'tick', within: '1h' } as const;
    const web_ = { ...base, command: ['sh', '-c', flood], health: { log, period: '50ms' } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until(({ ready, healthy }) => ready && healthy === true);
    const delay = monitorEventLoopDelay();
    delay.enable();
    await run.write('go', '');
    await expect.poll(() => web.logs({ tail: 1 }).lines[0]?.text).toBe('over');
    // Long enough for some looks at the output.
    await expect.poll(() => delay.count).toBeGreaterThan(50);
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(5000);
    expect(web.view).toMatchObject({ ready: true, healthy: true });
  });
});

describe('a heartbeat', () => {
  it('of a former run does not make a process ready', async () => {
    const web_ = { ...base, health: { heartbeat: 'beat', period: '50ms' } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }), { beat: '' });
    const started = run.manager.start();
    const messages = () => run.eventsOf('process.condition').map(({ value }) => value.message);
    await expect.poll(messages).toContain('no heartbeat yet (beat, expected every 30 s)');
    await tell(run.root, 'touch beat');
    await started;
    await run.manager.process('web').until(({ ready, healthy }) => ready && healthy === true);
  });

  it('is missed when it stops', async () => {
    const heartbeat = { file: 'beat', maxAge: '1s' } as const;
    const web_ = { ...base, health: { heartbeat, period: '50ms' } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    const web = run.manager.process('web');
    await tell(run.root, 'touch beat');
    await run.manager.start();
    await web.until(({ healthy }) => healthy === true);
    const view = await web.until(({ healthy }) => healthy === false);
    expect(view.conditions.healthy.message).toMatch(/^liveness: no heartbeat for 1/);
    await tell(run.root, 'touch beat');
    await web.until(({ ready, healthy }) => ready && healthy === true);
  });
});

it('asks by tcp whether a process listens', async () => {
  const serve =
    'import os, socket, time; s = socket.create_server(("127.0.0.1", int(os.environ["PORT"]))); time.sleep(60)';
  const web_ = { command: ['python3', '-c', serve], port: 'auto', health: { tcp: true, period: '50ms' } } as const;
  await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
  await run.manager.start();
  await run.manager.process('web').until(({ ready, healthy }) => ready && healthy === true);
});
