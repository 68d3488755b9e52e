import { spawn } from 'node:child_process';
import { bin, type Project, Run } from './project.ts';

/** A run of the real bin in a terminal of that size: `script` makes one. What it shows is its stdout. */
export function inTerminal(
  project: Project,
  args: readonly string[],
  { columns = 80, rows = 24, env = {} }: { columns?: number; rows?: number; env?: NodeJS.ProcessEnv } = {},
): Run {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = `stty cols ${columns} rows ${rows}; exec ${quoted}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: project.root,
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
  });
  return project.adopt(new Run(child));
}
