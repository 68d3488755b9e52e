import type { Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { completedCommands } from '../completion/tree.ts';
import { zshScript } from '../completion/zsh.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from './invocation.ts';

type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, typeof bashScript>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Prints the script by which a shell completes the commands, flags and process names of `program`. */
export function completion(shell: Shell, program: Command, { out }: Invocation): ExitCode {
  out.write(scripts[shell](completedCommands(program), program.name()));
  return exitCodes.done;
}
