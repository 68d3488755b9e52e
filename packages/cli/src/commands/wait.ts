import type { WaitResult } from '@promptbin/core';
import type { ExitCode } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { callForEach } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { showWaited } from './met.ts';
import { durationOf } from './moments.ts';
import type { WaitOptions } from './options.ts';

/** The longest that a manager waits, s. */
const longest = 3600;

/** Waits until a process is what is asked for, or has written a line. Exit code 1 when it is not, or will not be. */
export async function wait(name: string, options: WaitOptions, invocation: Invocation): Promise<ExitCode> {
  const { pattern, timeout, after } = options;
  const until = options.for ?? (pattern === undefined ? 'ready' : 'log');
  if ((until === 'log') !== (pattern !== undefined)) {
    throw await fault('PB_COMMAND_INPUT', `--for ${until} ${until === 'log' ? 'needs a' : 'takes no'} --pattern.`, {
      hint: `Wait for a line with: promptbin wait ${name} --for log --pattern "listening on"`,
    });
  }
  const timeoutSec = (await durationOf('--timeout', timeout)) / 1000;
  if (timeoutSec > longest) {
    throw await fault('PB_COMMAND_INPUT', `--timeout is ${timeout}, and 1h is the longest.`, {
      hint: 'Wait several times.',
    });
  }
  const connection = await connectToProject(invocation);
  const input = {
    until,
    timeoutSec,
    ...(pattern !== undefined && { pattern }),
    ...(after !== undefined && { cursor: after }),
  };
  return showWaited(await callForEach<WaitResult>(connection, 'process.wait', [name], input), invocation);
}
