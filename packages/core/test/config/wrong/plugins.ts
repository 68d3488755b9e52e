import type { Wrong } from './table.ts';

const json = (text: string): Wrong['files'] => ({ 'promptbin.config.json': text.replace(/^\n/, '') });
const typescript = (text: string): Wrong['files'] => ({ 'promptbin.config.ts': text.replace(/^\n/, '') });

export const pluginMistakes: readonly Wrong[] = [
  {
    name: 'a key of a plugin that is not listed, in TypeScript',
    files: typescript(`
export default {
  processes: {
    web: {
      command: 'node server.js',
      helth: '/health',
    },
  },
};
`),
    says: [
      'promptbin.config.ts:5:7  processes.web has an unknown key "helth".  Did you mean "health"? That key belongs to @promptbin/plugin-health, which is not in plugins: import { health } from it and add health().',
    ],
  },
  {
    name: 'options in a call',
    files: typescript(`
import { health } from '@promptbin/plugin-health';
import { restart } from '@promptbin/plugin-restart';

export default {
  plugins: [
    health({ smaple: false }),
    restart({ backoff: { initial: '1 sec', jitter: 'ful' } }),
  ],
  processes: {},
};
`),
    says: [
      'promptbin.config.ts:6:14  plugins[0] has an unknown key "smaple".  Did you mean "sample"?',
      'promptbin.config.ts:7:35  plugins[1].backoff.initial is "1 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".  Did you mean "1s"?',
      'promptbin.config.ts:7:52  plugins[1].backoff.jitter is "ful", expected "full", "equal" or "none".  Did you mean "full"?',
    ],
  },
  {
    name: 'options beside the name of a package',
    files: json(`
{
  "plugins": [
    "@promptbin/plugin-fswatch",
    ["@promptbin/plugin-restart", { "maxRestart": 3, "policy": "allways" }]
  ],
  "processes": {}
}
`),
    says: [
      'promptbin.config.json:4:37  plugins[1][1] has an unknown key "maxRestart".  Did you mean "maxRestarts"?',
      'promptbin.config.json:4:64  plugins[1][1].policy is "allways", expected "on-failure", "always", "never" or "unless-stopped".  Did you mean "always"?',
    ],
  },
  {
    name: 'fields of a plugin',
    files: json(`
{
  "plugins": ["@promptbin/plugin-health", "@promptbin/plugin-restart"],
  "processes": {
    "web": {
      "command": "node server.js",
      "port": "auto",
      "health": { "http": { "pth": "/health" }, "liveness": { "period": "5 sec" } },
      "restart": { "polcy": "always" }
    }
  }
}
`),
    says: [
      'promptbin.config.json:7:19  processes.web.health.http.path is missing.',
      'promptbin.config.json:7:29  processes.web.health.http has an unknown key "pth".  Did you mean "path"?',
      'promptbin.config.json:7:73  processes.web.health.liveness.period is "5 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".  Did you mean "5s"?',
      'promptbin.config.json:8:20  processes.web.restart has an unknown key "polcy".  Did you mean "policy"?',
    ],
  },
  {
    name: 'an official package that is misspelled, and one in short',
    files: json(`
{
  "plugins": ["@promptbin/plugin-helth", "restart"],
  "processes": {}
}
`),
    says: [
      'promptbin.config.json:2:15  plugins[0] names "@promptbin/plugin-helth", which is not installed.  Did you mean "@promptbin/plugin-health"?',
      'promptbin.config.json:2:42  plugins[1] names "restart", which is not installed.  Did you mean "@promptbin/plugin-restart"?',
    ],
  },
  {
    name: 'a package that is not installed',
    files: {
      ...json(`
{
  "plugins": [
    "promptbin-plugin-slack"
  ],
  "processes": { "web": { "command": "x", "slack": {} } }
}
`),
      'yarn.lock': '',
    },
    says: [
      'promptbin.config.json:3:5  plugins[0] names "promptbin-plugin-slack", which is not installed.  Run "yarn add -D promptbin-plugin-slack" in ROOT.',
    ],
  },
  {
    name: 'a package that is no plugin',
    files: {
      ...json('{ "plugins": ["other"], "processes": {} }\n'),
      'node_modules/other/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/other/index.js': 'export const something = 1;',
    },
    says: [
      'promptbin.config.json:1:15  plugins[0] names "other", which has no export "plugin".  Name a package that is a plugin.',
    ],
  },
  {
    name: 'a file that is not there',
    files: json('{ "plugins": ["./plugins/tag.js"], "processes": {} }\n'),
    says: ['promptbin.config.json:1:15  plugins[0] names "./plugins/tag.js", which does not exist.'],
  },
  {
    name: 'a factory that was not called',
    files: typescript(`
import { health } from '@promptbin/plugin-health';

export default {
  plugins: [health],
  processes: {},
};
`),
    says: ['promptbin.config.ts:4:13  plugins[0] is a function, not a plugin.  Write health() instead of health.'],
  },
  {
    name: 'the same plugin twice',
    files: typescript(`
import { health } from '@promptbin/plugin-health';

export default {
  plugins: [
    health(),
    health({ sample: false }),
  ],
  processes: {},
};
`),
    says: ['promptbin.config.ts:6:5  plugins[1] is a second plugin of the name "health".  Take one of the two out.'],
  },
  {
    name: 'something else in the list, and no list',
    files: json('{ "plugins": [7, { "name": "health" }], "processes": {} }\n'),
    says: [
      'promptbin.config.json:1:15  plugins[0] is 7, not a plugin.  A plugin is what a factory of definePlugin returns, or the name of its package.',
      'promptbin.config.json:1:18  plugins[1] is {"name":"health"}, not a plugin.  A plugin is what a factory of definePlugin returns, or the name of its package.',
    ],
  },
  {
    name: 'an official plugin in short, and what is no name of a package',
    files: json('{ "plugins": ["plugin-mcp", "@promptbin/plugin-health: {}"], "processes": {} }\n'),
    says: [
      'promptbin.config.json:1:15  plugins[0] names "plugin-mcp", which is not installed.  Did you mean "@promptbin/plugin-mcp"?',
      'promptbin.config.json:1:29  plugins[1] names "@promptbin/plugin-health: {}", which is no name of a package.  Name a package, or a file by a path that begins with "./".',
    ],
  },
  {
    name: 'a plugin that imports a package that is not installed',
    files: { ...json('{ "plugins": ["./own.js"], "processes": {} }\n'), 'own.js': "import 'not-there';\n" },
    says: [
      'promptbin.config.json:1:15  plugins[0] names "./own.js", which cannot be loaded: Cannot find package \'not-there\' imported from ROOT/own.js.  Run "npm install -D not-there" in ROOT.',
    ],
  },
  {
    name: 'a plugin without its schemas',
    files: {
      ...json('{ "plugins": ["./own.ts"], "processes": {} }\n'),
      'own.ts': `import { definePlugin } from '@promptbin/core';
export const plugin = definePlugin({ name: 'own', setup(): void {} });
`,
    },
    says: [
      'promptbin.config.json:1:15  plugins[0] is plugin "own", which has no schema for its fields and options.  Give definePlugin() both, "fields" and "options".',
    ],
  },
];
