// `native/child.c` for a machine without a compiler. It stands up slower, for every manager alike.
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';

const [mode, file, lines] = process.argv.slice(2);
const fifo = openSync(file, 'w');
const state = (role) => writeSync(fifo, `${process.hrtime.bigint()} ${process.pid} ${role}\n`);

if (mode === 'stubborn') process.on('SIGTERM', () => undefined);
state(mode);
if (mode === 'write') {
  let text = '';
  for (let line = 1; line <= Number(lines); line += 1) {
    text += `${String(line).padStart(10, '0')} ${'0'.repeat(88)}\n`;
    if (text.length >= 65_536) {
      putAll(text.slice(0, 65_536));
      text = text.slice(65_536);
    }
  }
  putAll(text);
  state('written');
}
if (mode === 'family') {
  const run = (role, detached) =>
    spawn(process.execPath, [import.meta.filename, role, file], { detached, stdio: 'ignore' }).unref();
  run('grandchild', false);
  run('daemon', true);
}
setInterval(() => undefined, 1 << 30);

function putAll(text) {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
