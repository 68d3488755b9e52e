import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Contender, Job, Machine, Plan } from '../contender.ts';

/** One of promptbin's commands. */
export function promptbinCommand({ install }: Machine, ...args: readonly string[]): Command {
  return [process.execPath, join(install, 'node_modules', 'promptbin', 'bin', 'promptbin.js'), ...args];
}

/** The config that is measured: health and restarts, as `promptbin init` writes them, and what the job asks for. */
function configOf({ command, count, restart, graceMs, output, watch }: Job): object {
  const process = {
    command,
    stop: { grace: graceMs },
    ...(output && { logs: { mode: output, maxSize: '100gb' } }),
    ...(watch !== undefined && { fswatch: { paths: [watch], debounce: 0 } }),
    restart: restart ? { policy: 'always', backoff: { initial: 0 }, maxRestarts: 1_000_000 } : 'never',
  };
  const plugins = ['health', 'restart', ...(watch === undefined ? [] : ['fswatch'])];
  return {
    plugins: plugins.map((name) => `@promptbin/plugin-${name}`),
    processes: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, process])),
  };
}

/** The config of a plan, to be changed. */
export const configFile = 'promptbin.config.json';

export const promptbin: Contender = {
  name: 'promptbin',
  role: 'promptbin',
  async find({ install }) {
    const file = join(install, 'node_modules', 'promptbin', 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  },
  plan(job, folder, machine): Plan {
    writeFileSync(join(folder, configFile), JSON.stringify(configOf(job)));
    return {
      start: promptbinCommand(machine, 'up'),
      stop: 'SIGTERM',
      status: promptbinCommand(machine, 'ps'),
      output: join(folder, '.promptbin', 'logs', 'p0.log'),
    };
  },
  cli: (machine) => ({ version: promptbinCommand(machine, '--version'), help: promptbinCommand(machine, '--help') }),
};
