import type { Call, Command } from '../contract/commands.ts';

/** A command from its specification. The registry parses the input with the very schema that types `run`. */
export function bind<I>(
  spec: Omit<Command, 'run'> & { input: { _output: I } },
  run: (input: I, call: Call) => unknown,
): Command {
  return { ...spec, run: (input, call) => run(input as I, call) };
}
