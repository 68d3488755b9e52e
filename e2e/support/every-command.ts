/** A run of a command, in a project with `web`, `console`, `deaf` and `spare`: see `e2e/kills/project.ts`. */
export interface CommandRun {
  readonly args: readonly [command: string, ...rest: string[]];
  /** It goes on until somebody ends it; this is the first that it prints then. */
  readonly stays?: RegExp;
  /** It goes on without a manager, or is one. */
  readonly alone?: true;
  /** Default 0. */
  readonly code?: 1 | 2;
  /** It has no flag `--json`. */
  readonly forPeople?: true;
}

/** Files of that project: nothing that a test runs asks a registry. */
export const everyFile: Readonly<Record<string, string>> = { '.npmrc': 'registry=http://127.0.0.1:9/\n' };

/** It prints nothing before it is over, or asked. */
export const silent = /^/;

/** A run of each command, and of those that can go on in both ways. */
export const everyCommand: readonly CommandRun[] = [
  { args: ['up'], stays: /Attached/, alone: true },
  { args: ['up', '--detach'], alone: true },
  { args: ['start', 'spare'] },
  { args: ['stop', 'spare'] },
  { args: ['restart', 'web'] },
  { args: ['reload'] },
  { args: ['call', 'process.list'] },
  { args: ['why', 'web'] },
  { args: ['logs', '-n', '5'] },
  { args: ['logs', '-f'], stays: /listening/ },
  { args: ['events', '-n', '5'] },
  { args: ['events', '-f'], stays: /web is ready/ },
  { args: ['wait', 'web'] },
  { args: ['wait', 'web', '--for', 'exited', '--timeout', '1h'], stays: silent },
  { args: ['send', 'console', 'hello'] },
  { args: ['signal', 'console', 'HUP'] },
  { args: ['exec', 'web', '--', 'true'], forPeople: true },
  { args: ['ps'] },
  { args: ['ps', '--errors'] },
  { args: ['ps', '--at', '0s'] },
  { args: ['diff', '0s'] },
  { args: ['ps', '--watch'], stays: /NAME/ },
  { args: ['top'], stays: /NAME/, forPeople: true },
  { args: ['attach', 'console'], stays: /Attached/, forPeople: true },
  { args: ['ports'] },
  { args: ['graph'] },
  { args: ['plugins'] },
  { args: ['config', 'check'] },
  { args: ['config', 'print'] },
  { args: ['config', 'explain', 'web.port'] },
  { args: ['completion', 'bash'], forPeople: true },
  { args: ['process-names'], forPeople: true },
  { args: ['init'], code: 2 },
  { args: ['service', 'install'] },
  { args: ['doctor'] },
  { args: ['doctor', 'orphans'] },
  { args: ['report'] },
  { args: ['upgrade-check'], code: 1 },
  { args: ['mcp'], stays: silent, alone: true, forPeople: true },
  { args: ['mcp', '--http', '0'], stays: /MCP/, alone: true, forPeople: true },
  { args: ['mcp', 'doctor'] },
  { args: ['down'] },
];
