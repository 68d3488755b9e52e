import type { Call, Command } from '../contract/commands.ts';
import type { ManagedProcess } from '../contract/manager.ts';
import type { SendResult, SignalResult } from '../contract/results.ts';
import { PromptbinError } from '../errors/error.ts';
import { summarize } from '../state/summary.ts';
import { plural } from '../state/words.ts';
import { bind } from './bind.ts';
import { refuseUnconfirmed } from './confirm.ts';
import { type SignalInput, sendSpec, signalSpec } from './steering-specs.ts';

/** A process that can be reached into. */
export interface Steered extends ManagedProcess {
  /** Resolves with false when its leader is gone. */
  signal(signal: NodeJS.Signals): Promise<boolean>;
  /**
   * Writes to its stdin.
   *
   * @throws PromptbinError `PB_PROCESS_DOWN`, `PB_INPUT_REFUSED`
   */
  write(text: string): Promise<void>;
}

export interface SteeringHost {
  /** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
  find(name: string): Steered;
  /** The protected ones among what a stop of `name` would end. */
  protectedBy(name: string, action: 'stop'): readonly string[];
}

const ending: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGTERM']);
/** What ends no program, not even one that has said nothing of it. */
const harmless: ReadonlySet<NodeJS.Signals> = new Set(['SIGWINCH', 'SIGCONT']);

/** The commands that reach into a process. */
export function steeringCommands({ find, protectedBy }: SteeringHost): readonly Command[] {
  return [
    bind(signalSpec, async (input, call): Promise<SignalResult> => {
      const process = find(input.name);
      if (!harmless.has(input.signal)) confirm(input, call, protectedBy(input.name, 'stop'));
      const { view } = process;
      if (!(await process.signal(input.signal))) {
        throw new PromptbinError('PB_PROCESS_DOWN', `"${input.name}" is not up: ${summarize(view)}.`, {
          process: input.name,
          hint: 'Start it first.',
        });
      }
      const { name, signal } = input;
      const sent = `${signal} was sent to ${name} (pid ${view.pid})`;
      const more = ending.has(signal)
        ? '; if it ends of it, that counts as a crash: stop_process ends it for good'
        : '';
      return { summary: `${sent}${more}`, name, signal, ...(view.pid === undefined ? {} : { pid: view.pid }) };
    }),
    bind(sendSpec, async ({ name, text }): Promise<SendResult> => {
      const process = find(name);
      const logCursor = process.logs({ tail: 1 }).cursor;
      const line = `${text}\n`;
      await process.write(line);
      const bytes = Buffer.byteLength(line);
      return { summary: `${plural(bytes, 'byte')} were written to ${name}`, name, bytes, logCursor };
    }),
  ];
}

function confirm({ name, signal }: SignalInput, call: Call, names: readonly string[]): void {
  refuseUnconfirmed(call, `call process.signal name=${name} signal=${signal}`, names);
}
