import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from './contender.ts';

export interface Programs {
  /** What the managers run; see `native/child.c`. */
  readonly child: Command;
  /** See `native/floor.c`; undefined without a compiler. */
  readonly floor: string | undefined;
  /** The compiler, as it names itself. */
  readonly compiler: string | undefined;
}

/**
 * Compiles the two programs in C into `folder`. Without a compiler the children are Node's, and there is no floor.
 *
 * @throws Error with what the compiler says, when it does not compile
 */
export function buildPrograms(root: string, folder: string): Programs {
  const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (compiler === undefined) {
    const script = join(root, 'programs', 'child.mjs');
    return { child: [process.execPath, script], floor: undefined, compiler: undefined };
  }
  const build = (name: string): string => {
    const program = join(folder, name);
    const source = join(root, 'native', `${name}.c`);
    const { status, stderr } = spawnSync(compiler, ['-O2', '-pthread', '-o', program, source], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${compiler} ${source}: ${stderr}`);
    return program;
  };
  const [named = compiler] = spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout.split('\n');
  return { child: [build('child')], floor: build('floor'), compiler: named };
}
