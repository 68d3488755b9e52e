import * as z from 'zod';
import { name, type Spec } from './spec-fields.ts';

// The inputs of the commands that reach into a process. Agents get them by asking for more than the usual tools.

/** Those that end a process are decided about like a crash. SIGKILL and SIGSTOP leave it no say: they are for its stop. */
export const sendableSignals = [
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGCONT',
  'SIGINT',
  'SIGQUIT',
  'SIGTERM',
] as const;

export interface SignalInput {
  name: string;
  signal: (typeof sendableSignals)[number];
}
export interface SendInput {
  name: string;
  text: string;
}

export const signalSpec: Spec<SignalInput> = {
  name: 'process.signal',
  tool: 'send_signal',
  toolset: 'admin',
  summary:
    'Sends a signal to the leader of a process, such as SIGHUP to read its files anew. To end it, use stop_process.',
  effect: 'destructive',
  input: z.strictObject({
    name,
    signal: z.enum(sendableSignals, {
      error: `expected ${sendableSignals.join(', ')}; what is to end is ended by stop_process`,
    }),
  }),
};

export const sendSpec: Spec<SendInput> = {
  name: 'process.send',
  tool: 'send_input',
  toolset: 'input',
  summary:
    'Writes a line to the stdin of a process whose config says "stdin": "pipe". Read the answer by its logCursor.',
  effect: 'destructive',
  input: z.strictObject({
    name,
    text: z.string().max(10_000).describe('Without the line break at its end.'),
  }),
};
