// A manager whose processes leave their group in every way, and which starts, restarts and stops them at random until it is killed. Says which runs are up, as JSON, once all are, and begins when it is told to.
import { once } from 'node:events';
import { createManager } from '@promptbin/core';
import { random } from '../../test-support/random.ts';

const [root = '', seed = '1'] = process.argv.slice(2);
const next = random(Number(seed));
const stop = { grace: '1s' } as const;
const sh = (script: string): [string, string, string] => ['sh', '-c', script];

const manager = await createManager(
  {
    processes: {
      plain: { command: 'sleep 300', stop },
      // Leaves the session, and by two forks as a daemon does.
      daemon: {
        command: sh(
          'setsid sleep 301 & (setsid sh -c "nohup sleep 302 >/dev/null 2>&1 &"); echo ready; exec sleep 300',
        ),
        ready: { log: 'ready' },
        stop,
      },
      deaf: {
        command: sh('trap "" TERM; setsid sleep 303 & echo ready; exec sleep 300'),
        ready: { log: 'ready' },
        stop,
      },
      short: { command: sh('setsid sleep 304 & exec sleep 0.1'), stop },
    },
  },
  { root, journal: true, log: false },
);
await manager.start(['plain', 'daemon', 'deaf']);
const steady = ['plain', 'daemon', 'deaf'];
await Promise.all(steady.map((name) => manager.process(name).until('ready')));
console.log(JSON.stringify(steady.map((name) => `${name} ${manager.process(name).view.generation}`)));

await once(process.stdin, 'data');

const acts = ['start', 'restart', 'stop'] as const;
for (;;) {
  const { name } = manager.processes()[Math.floor(next() * 4)] ?? { name: 'plain' };
  const act = acts[Math.floor(next() * acts.length)] ?? 'start';
  void manager
    .process(name)
    [act]()
    .catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, next() * 100));
}
