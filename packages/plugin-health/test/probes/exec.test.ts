import { defineConfig, type ExecResult, PromptbinError } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../../test-support/alive.ts';
import { manage } from '../../../../test-support/manage.ts';
import { health } from '../../src/index.ts';
import { ExecProbe } from '../../src/probes/exec.ts';
import type { ExecMeans } from '../../src/probes/means.ts';
import type { Subject } from '../../src/probes/probe.ts';
import { attempt, failureOf, subjectOf } from './subject.ts';

const means: ExecMeans = { kind: 'exec', command: '/usr/bin/check', args: ['--key', 's3cret'], shell: false };
const poll = { timeout: 30_000 };

describe('the end of the command', () => {
  const ended = (result: Partial<ExecResult>, told = means) =>
    attempt(
      new ExecProbe(told, subjectOf({ exec: { run: async () => ({ code: 0, signal: null, output: '', ...result }) } })),
    );

  it('is good with 0', async () => {
    await ended({});
  });

  it.each([
    [{ code: 2, output: 'one\nno response\n\n' }, 'exit code 2', '"check" exited with code 2: no response'],
    [{ code: 1 }, 'exit code 1', '"check" exited with code 1'],
    [{ code: null, signal: 'SIGSEGV' }, 'ended by SIGSEGV', '"check" ended by SIGSEGV'],
  ] as const)('says what went wrong: %j', async (result, brief, message) => {
    const failure = await failureOf(ended(result));
    expect([failure.brief, failure.message]).toEqual([brief, message]);
  });

  it('shows no arguments, and a long line in part', async () => {
    const told = { ...means, command: 'check --key s3cret', args: [], shell: true };
    const failure = await failureOf(ended({ code: 1, output: 'x'.repeat(4096) }, told));
    expect(failure.message).toMatch(/^the command exited with code 1: x{199}…$/);
  });
});

it('says that the command cannot be run', async () => {
  const run = () => Promise.reject(new PromptbinError('PB_EXEC_DOWN', '"web" is not up.'));
  const failure = await failureOf(attempt(new ExecProbe(means, subjectOf({ exec: { run } }))));
  expect(failure.message).toBe('"check" cannot be run: "web" is not up.');
});

it('expands port and host', async () => {
  let ran: unknown;
  const exec: Subject['exec'] = {
    run: async (_, command) => {
      ran = command;
      return { code: 0, signal: null, output: '' };
    },
  };
  const told = { ...means, args: ['http://{host}:{port}/'] };
  await attempt(new ExecProbe(told, subjectOf({ exec, port: 5000 })));
  expect(ran).toMatchObject({ command: '/usr/bin/check', args: ['http://127.0.0.1:5000/'] });
});

it('is not over before the tree of the command is gone, however long that takes', async () => {
  const gone = Promise.withResolvers<void>();
  let isGone = false;
  const exec: Subject['exec'] = {
    run: (_, __, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', async () => {
          await gone.promise;
          isGone = true;
          reject(signal.reason);
        });
      }),
  };
  const asked = failureOf(attempt(new ExecProbe(means, subjectOf({ exec })), 10));
  setTimeout(() => gone.resolve(), 100);
  expect((await asked).message).toBe('"check" has not exited within 0.01 s');
  expect(isGone).toBe(true);
});

describe('with a real process', () => {
  const plugins = [health({ sample: false })];
  const base = { command: ['sleep', '60'], stop: { grace: '1s' }, env: { ROLE: 'primary' } } as const;

  it('runs in its environment and its folder, and keeps both conditions', async () => {
    const exec = { command: 'test "$ROLE" = primary && test -e good', shell: true };
    const web_ = { ...base, health: { exec, period: '50ms' } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }), { good: '' });
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until(({ ready, healthy }) => ready && healthy === true);
  });

  it('fails the start with what the command says', async () => {
    const exec = ['sh', '-c', 'echo still migrating; exit 3'] as const;
    const web_ = { ...base, health: { exec, startup: { failureThreshold: 2 } } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain('"sh" exited with code 3: still migrating');
  });

  it('says that there is no such command', async () => {
    const web_ = { ...base, health: { exec: 'no-such-command-here', startup: { failureThreshold: 1 } } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain('"no-such-command-here" cannot be run: ');
  });

  it('ends the whole tree at the timeout, and never runs two at once', async () => {
    const script = 'echo "$$" >> pids; sleep 61 & echo "$!" >> pids; wait';
    const web_ = {
      ...base,
      health: {
        exec: { command: script, shell: true },
        startup: { timeout: '300ms', period: '10ms', failureThreshold: 3 },
      },
    } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain('the command has not exited within 0.3 s');
    const pids = await run.lines('pids');
    expect(pids).toHaveLength(6);
    expect(pids.filter((pid) => isAlive(Number(pid)))).toEqual([]);
  });

  it('leaves nothing when the process is stopped in the middle of it', async () => {
    const script = 'test -e slow || exit 0; echo "$$" >> pids; sleep 61 & echo "$!" >> pids; wait';
    const web_ = {
      ...base,
      health: { exec: { command: script, shell: true }, period: '20ms', timeout: '1h' },
    } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web: web_ } }));
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until('ready');
    await run.write('slow', '');
    await expect.poll(async () => (await run.lines('pids')).length, poll).toBe(2);
    const pids = await run.lines('pids');
    expect(pids.map((pid) => isAlive(Number(pid)))).toEqual([true, true]);
    await web.stop();
    await expect.poll(() => pids.some((pid) => isAlive(Number(pid))), poll).toBe(false);
  });
});
