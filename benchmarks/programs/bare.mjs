// Bare Node: what a manager that is written in TypeScript can reach at best.
import { spawn } from 'node:child_process';
import { createWriteStream, openSync, watch as watchFiles } from 'node:fs';

const { count, command, restart, graceMs, output, direct, watch } = JSON.parse(process.argv[2]);
const [file, ...args] = command;
const children = new Set();
let ending = false;

function start() {
  const out = output === undefined ? 'ignore' : direct ? openSync(output, 'a') : 'pipe';
  const child = spawn(file, args, { detached: true, stdio: ['ignore', out, 'ignore'] });
  children.add(child);
  if (out === 'pipe') child.stdout.pipe(createWriteStream(output, { flags: 'a' }));
  child.once('exit', () => {
    children.delete(child);
    if (restart && !ending) start();
  });
}
for (let index = 0; index < count; index += 1) start();

const stopAll = (signal) => {
  for (const child of children) process.kill(-child.pid, signal);
};
if (watch !== undefined) watchFiles(watch, (event) => event === 'change' && stopAll('SIGTERM'));
process.on('SIGTERM', () => {
  ending = true;
  stopAll('SIGTERM');
  setTimeout(() => stopAll('SIGKILL'), graceMs).unref();
});
