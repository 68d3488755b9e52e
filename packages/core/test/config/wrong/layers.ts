import type { Wrong } from './table.ts';

const web = '{ "processes": { "web": { "command": "node server.js" } } }\n';

export const layerMistakes: readonly Wrong[] = [
  {
    name: 'a mistake in a file that is extended is told there',
    files: {
      'promptbin.config.ts': "export default { extends: './base/common.yaml', processes: {} };\n",
      'base/common.yaml': 'processes:\n  web:\n    command: node server.js\n    port: fast\n',
    },
    says: [
      'base/common.yaml:4:11  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.',
    ],
  },
  {
    name: 'each value is told where it was last written',
    files: {
      'promptbin.config.yaml': 'extends: ./base.json\nprocesses:\n  web:\n    port: fast\n    stop: { grace: soon }\n',
      'base.json': `{
  "processes": { "web": { "command": "x", "port": "slow", "stop": { "signal": "TERM" } } }
}
`,
    },
    says: [
      'base.json:2:79  processes.web.stop.signal is "TERM", expected one of "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT", "SIGBUS" and others.  Did you mean "SIGTERM"?',
      'promptbin.config.yaml:4:11  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.',
      'promptbin.config.yaml:5:20  processes.web.stop.grace is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
    ],
  },
  {
    name: 'what a layer has taken out is missing where that was done',
    files: {
      'promptbin.config.json': `{
  "extends": "./base.json",
  "processes": { "web": { "command": null } }
}
`,
      'base.json': web,
    },
    says: ['promptbin.config.json:3:27  processes.web.command is missing.'],
  },
  {
    name: 'a file that does not exist',
    files: { 'promptbin.config.yaml': 'processes: {}\nextends: ./bsae.json\n', 'base.json': web },
    says: ['promptbin.config.yaml:2:10  This extends "./bsae.json", which does not exist.  Did you mean "base.json"?'],
  },
  {
    name: 'several that do not exist, one of them a package',
    files: {
      'promptbin.config.json': `{
  "extends": ["./nothing.json", "@acme/promptbin-base", "./folder", "./base.toml"],
  "processes": {}
}
`,
      'folder/x': '',
      'base.toml': '',
    },
    says: [
      'promptbin.config.json:2:15  This extends "./nothing.json", which does not exist.',
      'promptbin.config.json:2:33  This extends "@acme/promptbin-base", which is neither a file here nor an installed package.  Run "npm install -D @acme/promptbin-base" in ROOT.',
      'promptbin.config.json:2:57  This extends "./folder", which is a folder.',
      'promptbin.config.json:2:69  This extends "./base.toml", and a config cannot be written in ".toml".',
    ],
  },
  {
    name: 'a file that is missing two files away',
    files: {
      'promptbin.config.ts': "export default {\n  extends: ['./a.yaml'],\n  processes: {},\n};\n",
      'a.yaml': 'extends:\n  - ./b.yaml\n',
    },
    says: ['a.yaml:2:5  This extends "./b.yaml", which does not exist.'],
  },
  {
    name: 'files that extend each other',
    files: {
      'promptbin.config.json': '{ "extends": "./a.yaml" }\n',
      'a.yaml': 'extends: ./b.mjs\n',
      'b.mjs': "export default { extends: './a.yaml' };\n",
    },
    says: ['b.mjs:1:27  These files extend each other: a.yaml → b.mjs → a.yaml.  Take one "extends" out.'],
  },
  {
    name: 'a file that extends itself',
    files: { 'promptbin.config.yaml': 'extends: ./promptbin.config.yaml\nprocesses: {}\n' },
    says: [
      'promptbin.config.yaml:1:10  These files extend each other: promptbin.config.yaml → promptbin.config.yaml.  Take one "extends" out.',
    ],
  },
  {
    name: 'an "extends" that is no text',
    files: { 'promptbin.config.json': '{ "extends": [5], "processes": {} }\n' },
    says: ['promptbin.config.json:1:15  extends[0] is 5, expected a text.'],
  },
  {
    name: 'a plugin of a package is looked for beside the file that names it',
    files: {
      'promptbin.config.json': '{ "extends": "@acme/base", "processes": {} }\n',
      'node_modules/@acme/base/package.json': '{ "exports": "./base.yaml" }',
      'node_modules/@acme/base/base.yaml': 'plugins:\n  - ./own.js\n  - not-there\n',
    },
    says: [
      'node_modules/@acme/base/base.yaml:2:5  plugins[0] names "./own.js", which does not exist.',
      'node_modules/@acme/base/base.yaml:3:5  plugins[1] names "not-there", which is not installed.  Run "npm install -D not-there" in ROOT.',
    ],
  },
  {
    name: 'an extended file that is no object',
    files: { 'promptbin.config.json': '{ "extends": "./base.yaml", "processes": {} }\n', 'base.yaml': '- web\n' },
    says: ['base.yaml:1:1  the config is ["web"], expected an object.'],
  },
  {
    name: 'the key of a package.json',
    files: {
      'package.json': `{
  "name": "x",
  "promptbin": {
    "processes": { "web": { "command": "x", "cdw": "web" } }
  }
}
`,
    },
    says: ['package.json:4:45  processes.web has an unknown key "cdw".  Did you mean "cwd"?'],
  },
  {
    name: 'a package.json that is extended and has no such key',
    files: {
      'promptbin.config.json': '{ "extends": "./app/package.json", "processes": {} }\n',
      'app/package.json': '{}',
    },
    says: ['app/package.json::  it has no key "promptbin".  Write the config under that key.'],
  },
  {
    name: 'of several that are extended each one is told, before any is read',
    files: {
      'promptbin.config.json': '{ "extends": ["./base.yaml", "./nothing.yaml"], "processes": {} }\n',
      'base.yaml': '- web\n',
    },
    says: ['promptbin.config.json:1:30  This extends "./nothing.yaml", which does not exist.'],
  },
];
