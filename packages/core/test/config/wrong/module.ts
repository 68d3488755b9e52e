import type { Wrong } from './table.ts';

const typescript = (text: string): Wrong['files'] => ({ 'promptbin.config.ts': text.replace(/^\n/, '') });
const javascript = (text: string): Wrong['files'] => ({ 'promptbin.config.mjs': text.replace(/^\n/, '') });

export const moduleMistakes: readonly Wrong[] = [
  {
    name: 'a config of defineConfig',
    files: typescript(`
import { defineConfig } from '@promptbin/core';

export default defineConfig({
  processes: {
    web: { command: 'node server.js', prot: 3000 },
  },
});
`),
    says: ['promptbin.config.ts:5:39  processes.web has an unknown key "prot".  Did you mean "port"?'],
  },
  {
    name: 'an object with "satisfies" and "as"',
    files: typescript(`
export default {
  processes: {
    web: { command: 'node server.js', port: 70_000 as number } as object,
  },
} satisfies object;
`),
    says: ['promptbin.config.ts:3:45  processes.web.port is 70000, expected a port from 0 to 65535.'],
  },
  {
    name: 'an object that has a name',
    files: javascript(`
const config = {
  processes: { web: { command: 5 } },
};
export default config;
`),
    says: ['promptbin.config.mjs:2:32  processes.web.command is 5, expected a command line or a list of its words.'],
  },
  {
    name: 'a function with branches',
    files: typescript(`
export default ({ mode }: { mode: string }) => {
  if (mode === 'production') return { processes: {} };
  return {
    processes: { web: { command: 'node server.js', kind: 'servce' } },
  };
};
`),
    says: [
      'promptbin.config.ts:4:58  processes.web.kind is "servce", expected "service" or "job".  Did you mean "service"?',
    ],
  },
  {
    name: 'an async function that gives an expression',
    files: javascript(`
export default async ({ mode }) => ({
  processes: {
    web: mode === 'x' ? { command: 'x' } : { command: 'node server.js', autostart: 'no' },
  },
});
`),
    says: ['promptbin.config.mjs:3:84  processes.web.autostart is "no", expected true or false.'],
  },
  {
    name: 'a promise',
    files: javascript(`
export default Promise.resolve({
  processes: { web: { command: '' } },
});
`),
    says: ['promptbin.config.mjs:2:32  processes.web.command is "", expected a program to run.'],
  },
  {
    name: 'shorthands, spreads and constants',
    files: typescript(`
const port = -1;
const common = { autostart: 'yes', stop: { grace: 'soon' } };
const web = { ...common, command: 'node web.js', port };

export default { processes: { web } };
`),
    says: [
      'promptbin.config.ts:1:14  processes.web.port is -1, expected a port from 0 to 65535.',
      'promptbin.config.ts:2:29  processes.web.autostart is "yes", expected true or false.',
      'promptbin.config.ts:2:51  processes.web.stop.grace is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
    ],
  },
  {
    name: 'what is written later holds',
    files: javascript(`
const common = { port: 3000, autostart: 'yes' };
export default {
  processes: { web: { ...common, command: 'node web.js', port: -1 } },
};
`),
    says: [
      'promptbin.config.mjs:1:41  processes.web.autostart is "yes", expected true or false.',
      'promptbin.config.mjs:3:64  processes.web.port is -1, expected a port from 0 to 65535.',
    ],
  },
  {
    name: 'a function that returns early',
    files: javascript(`
export default ({ mode }) => {
  const web = { command: 'node web.js', port: 'fast' };
  if (mode === 'development') {
    return { processes: { web } };
  } else {
    return { processes: {} };
  }
};
`),
    says: [
      'promptbin.config.mjs:2:47  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.',
    ],
  },
  {
    name: 'an item after computed ones gets the place of the list',
    files: javascript(`
export default {
  processes: { web: { command: [...'a'.split(''), 3000, 'c'] } },
};
`),
    says: ['promptbin.config.mjs:2:32  processes.web.command[1] is 3000, expected a text.'],
  },
  {
    name: 'keys that are texts and templates',
    files: javascript(`
export default {
  'processes': {
    ['web']: { command: 'node server.js', [\`port\`]: 'fast' },
  },
};
`),
    says: [
      'promptbin.config.mjs:3:53  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.',
    ],
  },
  {
    name: 'what a function has made of its arguments',
    files: javascript(`
const service = (file, port) => ({ command: ['node', file], port, logs: { maxFiles: 'all' } });

export default {
  processes: {
    web: service('web.js', 70000),
  },
};
`),
    says: [
      'promptbin.config.mjs:1:85  processes.web.logs.maxFiles is "all", expected a number.',
      'promptbin.config.mjs:5:10  processes.web.port is 70000, expected a port from 0 to 65535.',
    ],
  },
  {
    name: 'what is computed gets the place around it',
    files: javascript(`
const names = ['web', 'api'];

export default {
  processes: Object.fromEntries(names.map((name) => [name, { comand: name }])),
};
`),
    says: [
      'promptbin.config.mjs:4:3  processes.web.command is missing.',
      'promptbin.config.mjs:4:3  processes.web has an unknown key "comand".  Did you mean "command"?',
      'promptbin.config.mjs:4:3  processes.api.command is missing.',
      'promptbin.config.mjs:4:3  processes.api has an unknown key "comand".  Did you mean "command"?',
    ],
  },
  {
    name: 'items of a list, also after a spread',
    files: javascript(`
const node = ['node', '--enable-source-maps'];
export default {
  processes: { web: { command: [...node, 'server.js', 3000] } },
};
`),
    says: ['promptbin.config.mjs:3:55  processes.web.command[3] is 3000, expected a text.'],
  },
  {
    name: 'a dependency cycle, at its first entry',
    files: javascript(`
export default {
  processes: {
    a: { command: 'x', dependsOn: ['b'] },
    b: {
      command: 'x',
      dependsOn: { a: 'ready' },
    },
  },
};
`),
    says: [
      'promptbin.config.mjs:3:36  These processes wait for each other: a → b → a.  Take one of the dependencies out.',
    ],
  },
  {
    name: 'a CommonJS module',
    files: {
      'promptbin.config.js': `module.exports = {
  processes: { web: { command: 'x', dependson: [] } },
};
`,
    },
    says: ['promptbin.config.js:2:37  processes.web has an unknown key "dependson".  Did you mean "dependsOn"?'],
  },
  {
    name: 'a part of an object that stands elsewhere',
    files: javascript(`
const settings = { stop: { signal: 'SIGTREM' } };
export default { processes: { web: { command: 'x', stop: settings.stop } } };
`),
    says: [
      'promptbin.config.mjs:1:36  processes.web.stop.signal is "SIGTREM", expected one of "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT", "SIGBUS" and others.  Did you mean "SIGTERM"?',
    ],
  },
  {
    name: 'no object at all',
    files: javascript('export default 5;\n'),
    says: ['promptbin.config.mjs:1:16  the config is 5, expected an object.'],
  },
  {
    name: 'a function that forgets to return',
    files: javascript('export default () => {};\n'),
    says: ['promptbin.config.mjs::  its default export gives nothing.  Return the config from the function.'],
  },
  {
    name: 'no default export',
    files: javascript('export const config = {};\n'),
    says: ['promptbin.config.mjs::  it has no default export.  Write "export default defineConfig({ … })".'],
  },
  {
    name: 'an error that is thrown, with its line',
    files: typescript(`
const port: string | undefined = process.env.NO_SUCH_VARIABLE;
if (port === undefined) throw new Error('Set NO_SUCH_VARIABLE first');
export default {};
`),
    says: ['promptbin.config.ts:2:31  Set NO_SUCH_VARIABLE first.'],
  },
  {
    name: 'something thrown that is no error',
    files: javascript('throw { code: 7 };\n'),
    says: ['promptbin.config.mjs::  it has thrown {"code":7}.'],
  },
  {
    name: 'a function that throws',
    files: javascript(`
export default ({ env }) => {
  return env.NO_SUCH_VARIABLE.split(',');
};
`),
    says: ["promptbin.config.mjs:2:31  Cannot read properties of undefined (reading 'split')."],
  },
  {
    name: 'an error in a local module',
    files: {
      'promptbin.config.ts': "import { web } from './parts/web.ts';\nexport default { processes: { web } };\n",
      'parts/web.ts': '\nthrow new Error("no luck today");\nexport const web = {};\n',
    },
    says: ['parts/web.ts:2:7  no luck today.'],
  },
  {
    name: 'a package that is not installed',
    files: {
      ...typescript("import { x } from 'not-there';\nexport default { x };\n"),
      'pnpm-lock.yaml': '',
    },
    says: ['promptbin.config.ts:1:19  Cannot find package \'not-there\'.  Run "pnpm add -D not-there" in ROOT.'],
  },
  {
    name: 'an object inside itself',
    files: javascript(
      "const config = { processes: { web: { command: 'x' } } };\nconfig.processes.web.env = config;\nexport default config;\n",
    ),
    says: ['promptbin.config.mjs:1:31  processes.web.env stands for what it is a part of: The config.'],
  },
];
