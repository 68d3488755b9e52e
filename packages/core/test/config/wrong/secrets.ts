import type { Wrong } from './table.ts';

export const secretMistakes: readonly Wrong[] = [
  {
    name: 'a variable with the name of a secret',
    files: {
      'promptbin.config.json': '{ "processes": { "web": { "command": "x", "env": { "API_TOKEN": ["abc-123"] } } } }\n',
    },
    says: [
      'promptbin.config.json:1:65  processes.web.env.API_TOKEN is ["[secret]"], expected a text, a number, true, false or null.',
    ],
  },
  {
    name: 'one that the config marks, and one that it takes out',
    files: {
      'promptbin.config.yaml': `secrets: ["LICENSE*", "!MONKEY_KEY"]
env:
  LICENSE_CODE: { value: abc-123 }
  MONKEY_KEY: [banana]
processes: {}
`,
    },
    says: [
      'promptbin.config.yaml:3:17  env.LICENSE_CODE is {"value":"[secret]"}, expected a text, a number, true, false or null.',
      'promptbin.config.yaml:4:15  env.MONKEY_KEY is ["banana"], expected a text, a number, true, false or null.',
    ],
  },
  {
    name: 'an environment that is a list',
    files: {
      'promptbin.config.json': `{
  "processes": { "web": { "command": "x", "env": ["PORT=1", "PASSWORD=abc-123"] } }
}
`,
    },
    says: [
      'promptbin.config.json:2:50  processes.web.env is ["PORT=1","PASSWORD=[secret]"], expected an object such as { "NAME": "value" }.',
    ],
  },
  {
    name: 'a key of "shared"',
    files: {
      'promptbin.config.json': '{ "shared": { "flask": { "port": "x", "secret_key": "abc-123" } }, "processes": {} }\n',
    },
    says: [
      'promptbin.config.json:1:34  shared.flask.port is "x", expected a port from 0 to 65535.',
      'promptbin.config.json:1:39  shared.flask has an unknown key "secret_key".  Known keys: port, debug, host.',
    ],
  },
  {
    name: 'options of a plugin',
    files: {
      'promptbin.config.mjs': `export default { plugins: [{ name: 'x', token: 'abc-123' }], processes: {} };\n`,
    },
    says: [
      'promptbin.config.mjs:1:28  plugins[0] is {"name":"x","token":"[secret]"}, not a plugin.  A plugin is what a factory of definePlugin returns, or the name of its package.',
    ],
  },
  {
    name: 'a command that sets a variable',
    files: {
      'promptbin.config.json': `{
  "processes": { "web": { "command": "env API_TOKEN=abc-123 node 'server.js" } }
}
`,
    },
    says: [
      'promptbin.config.json:2:38  processes.web.command has a quote without its end: "env API_TOKEN=[secret]".  Close the quote, or write the command as a list of words.',
    ],
  },
  {
    name: 'a wrong value of --set',
    files: { 'promptbin.config.json': '{ "processes": { "web": { "command": "x" } } }\n' },
    set: ['web.env.API_TOKEN=["abc-123"]', 'env={"API_KEY":["abc-123"]}'],
    says: [
      '--set env={"API_KEY":[secret]  env.API_KEY is ["[secret]"], expected a text, a number, true, false or null.',
      '--set web.env.API_TOKEN=[secret]  processes.web.env.API_TOKEN is ["[secret]"], expected a text, a number, true, false or null.',
    ],
  },
  {
    name: 'a wrong path of --set',
    files: { 'promptbin.config.json': '{ "processes": { "web": { "command": "x" } } }\n' },
    set: ['wbe.env.API_TOKEN=abc-123'],
    says: [
      '--set wbe.env.API_TOKEN=[secret]  --set wbe.env.API_TOKEN=[secret] names neither a process nor a key of the config.  Did you mean "web"?',
    ],
  },
];
