import { spawn } from 'node:child_process';

export interface CommandOptions {
  cwd?: string;
  /** Beside the environment of this process. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end, without a terminal and without input.
 *
 * @returns what it printed on stdout
 * @throws Error with all it printed, when it fails or cannot be run
 */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let all = '';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')}: ${signal ?? `exit ${code}`}\n${all.trimEnd()}`));
    });
  });
}
