import { type Config, PromptbinError } from '@promptbin/core';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLocalRunner } from '../../src/process/runner.ts';
import { explainSpawnFault } from '../../src/process/spawn-fault.ts';
import { testManager } from '../support/project.ts';

type Process = Config['processes'][string];

/** What a shell finds out about itself, and the view of the process. */
async function ask(script: string, extra: Partial<Process> = {}) {
  const ask = { command: ['sh', '-c', `${script}; echo asked; exec sleep 600`] as const, ...extra };
  const { manager } = await testManager({ processes: { ask: { ready: { log: 'asked' }, ...ask } } });
  const view = await manager.process('ask').start();
  const lines = manager
    .process('ask')
    .logs()
    .lines.map(({ text }) => text);
  return { lines: lines.slice(0, -1), view };
}

test.each([{}, { tty: true }])(
  'umask, nice and ulimit are taken on, and the process is still the leader (%j)',
  async (how) => {
    const { lines, view } = await ask('umask; nice; ulimit -n; ulimit -c; echo $$', {
      ...how,
      umask: '027',
      nice: 7,
      ulimit: { nofile: 99, core: 0 },
    });
    expect(lines).toEqual(['0027', '7', '99', '0', String(view.pid)]);
  },
);

test('with a shell, too', async () => {
  const { manager } = await testManager({
    processes: { ask: { command: 'umask && exec sleep 600', shell: true, umask: '077', ready: { log: '0077' } } },
  });
  expect(await manager.process('ask').start()).toMatchObject({ phase: 'running' });
});

test('what is in the way of the command is told as without them', async () => {
  const { manager } = await testManager({ processes: { ask: { command: 'gunicorn-of-nobody', umask: '027' } } });
  await expect(manager.process('ask').start()).rejects.toThrow();
  expect(manager.process('ask').view.cause).toMatchObject({
    code: 'commandNotFound',
    message: 'command "gunicorn-of-nobody" was not found in PATH',
  });
});

test('another user, for root alone', async () => {
  const script = 'id -un; id -gn; echo $USER $LOGNAME $HOME';
  const [started] = await Promise.allSettled([ask(script, { user: 'nobody', nice: -1 })]);
  if (process.getuid?.() === 0) {
    expect(started).toMatchObject({
      value: { lines: ['nobody', expect.stringMatching(/^no/), expect.stringMatching(/^nobody nobody \//)] },
    });
  } else {
    expect(started).toMatchObject({
      reason: { message: expect.stringContaining('only root can run it as user "nobody"') },
    });
  }
});

test('a group without a user, and a number that is nobody’s', async () => {
  const [group] = await Promise.allSettled([ask('id -u; id -g', { group: '65534' })]);
  const [user] = await Promise.allSettled([ask('id -u; id -g; id -G', { user: '54321' })]);
  if (process.getuid?.() === 0) {
    expect(group).toMatchObject({ value: { lines: ['0', '65534'] } });
    expect(user).toMatchObject({ value: { lines: ['54321', '54321', '54321'] } });
  } else {
    expect(group).toMatchObject({
      reason: { message: expect.stringContaining('only root can run it as group "65534"') },
    });
    expect(user).toMatchObject({ reason: { message: expect.stringContaining('only root') } });
  }
});

test('a user that there is not', async () => {
  await expect(ask('true', { user: 'nobody-at-all' })).rejects.toThrow('there is no user "nobody-at-all"');
});

test('who is named already runs it', async () => {
  const { lines } = await ask('id -u', { user: String(process.getuid?.()) });
  expect(lines).toEqual([String(process.getuid?.())]);
});

test('the child has no other descriptors, and its signals are as after a fork', async () => {
  const script = 'ls /proc/self/fd | tr "\\n" " "; echo; exec grep -E "^Sig(Blk|Ign)" /proc/self/status';
  const { manager } = await testManager({ processes: { ask: { kind: 'job', command: ['sh', '-c', script] } } });
  await manager.process('ask').start();
  const [descriptors = '', ...signals] = manager
    .process('ask')
    .logs()
    .lines.map(({ text }) => text);
  // 3 is the folder itself. What a shell has left open for all of us is above 15, where Node closes nothing.
  const own = descriptors.trim().split(' ').map(Number);
  expect(own.filter((fd) => fd <= 15)).toEqual([0, 1, 2, 3]);
  expect(signals).toEqual(['SigBlk:\t0000000000000000', 'SigIgn:\t0000000000000000']);
});

test.each(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'])(
  'what the machine lacks for a moment is waited for (%s)',
  async (code) => {
    let failures = 2;
    const local = createLocalRunner({ clock: systemClock });
    const { manager, events } = await testManager(
      { processes: { web: { command: 'sleep 600' } } },
      {
        runner: {
          spawn(plan, sink) {
            failures -= 1;
            if (failures >= 0) throw explainSpawnFault(plan, Object.assign(new Error(`spawn ${code}`), { code }));
            return local.spawn(plan, sink);
          },
        },
      },
    );
    expect(await manager.process('web').start()).toMatchObject({ phase: 'running', generation: 1, restarts: 0 });
    expect(events.filter(({ type }) => type === 'process.waiting')).toMatchObject([
      { data: { waitingFor: [expect.stringMatching(/^"sleep" cannot be run: .+; it is tried again every second$/)] } },
    ]);
  },
);

test.each([
  [{ umask: '9' }, 'processes.web.umask is "9", expected three octal digits in a text, such as "027"'],
  [{ nice: 20 }, 'processes.web.nice is 20, expected a whole number from -20 to 19'],
  [{ ulimit: { nofile: -1 } }, 'processes.web.ulimit.nofile is -1, expected a whole number from 0, or "unlimited"'],
  [{ ulimit: { nofiles: 1 } as object }, 'Did you mean "nofile"?'],
  [{ user: '../x' }, 'processes.web.user is "../x", is no name'],
])('mistakes are told (%j)', async (wrong, told) => {
  const fault = await testManager({ processes: { web: { command: 'true', ...wrong } } }).catch((each) => each);
  expect(PromptbinError.is(fault) && JSON.stringify([fault.message, fault.details])).toContain(
    JSON.stringify(told).slice(1, -1),
  );
});
