// Who may import whom. `imports.ts` holds every file under packages/*/src to it, types included.

/** The folders of core, each with those it stands on; what those stand on is allowed with them. */
export const coreLayers: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  errors: ['contract'],
  state: ['contract'],
  // Stands on nothing: all that writes a file may use it.
  files: [],
  // What must not be shown is taken out where it comes in: into the log, the output, an answer, an error.
  secrets: ['errors'],
  // The record of the events on disk, below the bus that states them.
  journal: ['errors', 'state'],
  kernel: ['journal', 'secrets'],
  hooks: ['kernel'],
  plugins: ['hooks'],
  output: ['errors', 'secrets'],
  // What lines of output tell, wherever they come from.
  diagnosis: ['state'],
  // What a child prints goes to the store of its process.
  process: ['hooks', 'output', 'files', 'diagnosis'],
  config: ['errors', 'secrets'],
  commands: ['hooks', 'diagnosis'],
  manager: ['plugins', 'process', 'commands', 'config'],
  // `index.ts`, which only names what is public.
  '': ['manager'],
};

/** Folders of core that run anywhere: no module of Node, and of a library the types at most. */
export const pureFolders: readonly string[] = ['contract', 'state', 'diagnosis'];

export interface LayerException {
  /** Both are paths in core's `src`. */
  readonly from: string;
  readonly to: string;
  readonly types: boolean;
  readonly because: string;
}

export const layerExceptions: readonly LayerException[] = [
  {
    from: 'commands/registry.ts',
    to: 'config/suggest.ts',
    types: false,
    because: 'an unknown command is answered as an unknown key of a config is: with the nearest that exists',
  },
  {
    from: 'commands/builtin.ts',
    to: 'manager/kernel.ts',
    types: true,
    because: 'the commands are a view of the manager, which makes them and hands itself in',
  },
  {
    from: 'commands/builtin.ts',
    to: 'manager/handle.ts',
    types: true,
    because: 'the commands are a view of the manager, which makes them and hands itself in',
  },
];

const anywhere = 'anywhere';

/**
 * What each package may import from outside, and the files that may; its types may be used in all of them. A package that
 * is not listed is not to be imported: no plugin by core or by another plugin, nothing deeper than a package's own exports.
 */
export const outside: Readonly<Record<string, Readonly<Record<string, typeof anywhere | readonly string[]>>>> = {
  core: {
    '@babel/code-frame': ['config/frame.ts'],
    '@babel/parser': ['config/locate/module.ts'],
    bytes: ['config/units.ts'],
    cosmiconfig: ['config/find.ts'],
    dotenv: ['config/environment.ts'],
    '@lydell/node-pty': ['process/pty.ts'],
    execa: ['process/child.ts'],
    'jsonc-parser': ['config/formats/json.ts'],
    leven: ['config/suggest.ts'],
    ms: ['config/units.ts'],
    pino: ['manager/logger.ts'],
    re2js: ['commands/pattern.ts'],
    'string-argv': ['config/command.ts'],
    tapable: ['hooks/create.ts'],
    yaml: ['config/formats/yaml.ts'],
    // A schema stands beside the settings that it describes.
    zod: anywhere,
  },
  'plugin-fswatch': {
    '@promptbin/core': anywhere,
    chokidar: ['watch/watcher.ts'],
    ignore: ['watch/gitignore.ts'],
    'p-retry': ['actions/post.ts', 'locks/contest.ts'],
    picomatch: ['watch/filter.ts'],
    zod: anywhere,
  },
  'plugin-health': {
    '@promptbin/core': anywhere,
    'p-retry': ['checker.ts'],
    pidusage: ['resources/usage.ts'],
    'prom-client': ['metrics/registry.ts'],
    zod: anywhere,
  },
  'plugin-mcp': {
    '@modelcontextprotocol/node': ['http/guards.ts', 'http/handler.ts', 'http/modern.ts', 'http/session-transport.ts'],
    '@modelcontextprotocol/server': [
      'server.ts',
      'http/handler.ts',
      'http/modern.ts',
      'http/sessions.ts',
      'requests/ask.ts',
      'requests/completions.ts',
      'requests/consent.ts',
      'requests/prompts.ts',
      'requests/resources.ts',
      'requests/tools.ts',
    ],
    '@modelcontextprotocol/server/stdio': ['transport.ts'],
    '@promptbin/core': anywhere,
    '@promptbin/core/views': anywhere,
    zod: anywhere,
  },
  'plugin-restart': {
    '@promptbin/core': anywhere,
    croner: ['schedule/cron.ts'],
    zod: anywhere,
  },
  cli: {
    '@promptbin/core': anywhere,
    '@promptbin/core/views': anywhere,
    '@promptbin/core/words': anywhere,
    // Loaded when an agent asks for it, and listed for the manager that comes up with one.
    '@promptbin/plugin-mcp': ['commands/mcp.ts', 'control/mcp.ts', 'control/mcp-mode.ts'],
    'cli-truncate': ['render/table.ts'],
    commander: [
      'command-line.ts',
      'completion-program.ts',
      'flag-values.ts',
      'mcp-program.ts',
      'program.ts',
      'reading-program.ts',
      'service-program.ts',
      'up-program.ts',
      'view-program.ts',
    ],
    'p-retry': ['control/reconnect.ts'],
    picocolors: ['render/color.ts'],
    'string-width': ['render/table.ts'],
    'smol-toml': ['init/manifests.ts'],
    // One writes what init has found, with comments; the other prints what holds.
    yaml: ['init/yaml.ts', 'render/yaml.ts'],
  },
};
