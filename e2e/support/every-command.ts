/** A run of each command, and of those that stay in both ways, in the project of `project.ts`. */
export const everyCommand: readonly (readonly [command: string, ...rest: string[]])[] = [
  ['up'],
  ['up', '--detach'],
  ['start', 'spare'],
  ['stop', 'spare'],
  ['restart', 'web'],
  ['reload'],
  ['call', 'process.list'],
  ['why', 'web'],
  ['logs'],
  ['logs', '-f'],
  ['events', '--after', '0'],
  ['events', '-f'],
  ['wait', 'web', '--for', 'exited'],
  ['send', 'console', 'hello'],
  ['signal', 'console', 'HUP'],
  ['ps'],
  ['ps', '--watch'],
  ['ports'],
  ['graph'],
  ['plugins'],
  ['config', 'check'],
  ['completion', 'bash'],
  ['process-names'],
  ['init'],
  ['mcp'],
  ['mcp', '--http', '0'],
  ['down'],
];

/** They go on without a manager, or are one. */
export const staysAlone: ReadonlySet<string> = new Set(['up', 'mcp']);
