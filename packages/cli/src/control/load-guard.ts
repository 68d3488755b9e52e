import { closeSync, readFileSync } from 'node:fs';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { PublicError } from '@promptbin/core';
import { exitCodes } from '../exit-codes.ts';

// Core itself waits no longer than 10 s for a config, and says so, unless this thread does not come back to it.
const limitMs = 10_000;
/** From the start until this thread counts as one that loops, and as one that is lost, ms. */
const loopMs = 10_500;
const lostMs = 14_000;

export interface GuardOptions {
  /** The file that is read. */
  readonly file: string;
  /** Called when nothing can be thrown any more: the process ends with exit code 2. */
  say(error: PublicError): void;
}

/**
 * Reads a config in this thread, which it may never give back: a config that loops ends the process after 10 s, one that
 * ends it itself is named. Until it is read, nobody may listen to signals: so Ctrl-C ends a loop at once.
 */
export async function guardLoading<T>(load: () => Promise<T>, { file, say }: GuardOptions): Promise<T> {
  const code = 'PB_CONFIG_UNREADABLE';
  const message = `${file}: it did not finish loading within ${limitMs / 1000} s.`;
  const hint = 'Take out what waits or loops: a config only says what is to run.';
  const began = performance.now();
  const onExit = (): void => {
    process.exitCode = exitCodes.usage;
    if (performance.now() - began < limitMs) {
      say({ code, message: `${file}: it ended the process.`, hint: 'Take process.exit() out of it.' });
      return;
    }
    say({ code, message, hint });
    // Node would add that it waits for the debugger, which is the watchdog.
    closeSync(process.stderr.fd);
  };
  const isRead = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  if (mayTakeLong(file)) watch(`error: ${message}\n  ${hint}\n`, isRead);
  process.once('exit', onExit);
  try {
    return await load();
  } finally {
    process.off('exit', onExit);
    // To end the thread now would take the time that the first process waits for.
    Atomics.store(isRead, 0, 1);
  }
}

/** What can take long: loops, other programs, and what stands in other files of the project. */
const telling = /\b(?:for|while|require|extends|child_process)\b|\bimport\s*\(|\bfrom\s*['"]\./;

/** A thread has its price, and the first process waits for it: a config that only lists things needs none. */
function mayTakeLong(file: string): boolean {
  try {
    return telling.test(readFileSync(file, 'utf8'));
  } catch {
    return true;
  }
}

/** A thread that ends the process when this one does not come back to its event loop in time. */
function watch(lastWords: string, isRead: Int32Array): void {
  const workerData = { pid: process.pid, lastWords, isRead, loopMs, lostMs, exitCode: exitCodes.usage };
  new Worker(watchdogSource, { eval: true, env: SHARE_ENV, execArgv: [], workerData }).unref();
}

// The debugger stops JavaScript wherever it is, and what it evaluates there runs at once. Of native code that blocks only
// the kernel frees us.
const watchdogSource = `
  const { pid, lastWords, isRead, loopMs, lostMs, exitCode } = require('node:worker_threads').workerData;
  setTimeout(() => {
    if (Atomics.load(isRead, 0) === 1) process.exit();
    const { Session } = require('node:inspector');
    const session = new Session();
    session.connectToMainThread();
    session.once('Debugger.paused', ({ params }) => {
      const { callFrameId } = params.callFrames[0];
      const expression = 'globalThis.process.exit(' + exitCode + ')';
      session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  }, loopMs);
  setTimeout(() => {
    require('node:fs').writeSync(2, lastWords);
    process.kill(pid, 'SIGKILL');
  }, lostMs);
`;
