import type { Wrong } from './table.ts';

const config = (text: string): Wrong['files'] => ({ 'promptbin.config.yaml': text.replace(/^\n/, '') });

export const yamlMistakes: readonly Wrong[] = [
  {
    name: 'misspelled keys on every level',
    files: config(`
procesess: {}
processes:
  web:
    comand: node server.js
    ready:
      timeuot: 5s
`),
    says: [
      'promptbin.config.yaml:1:1  The config has an unknown key "procesess".  Did you mean "processes"?',
      'promptbin.config.yaml:3:3  processes.web.command is missing.',
      'promptbin.config.yaml:4:5  processes.web has an unknown key "comand".  Did you mean "command"?',
      'promptbin.config.yaml:6:7  processes.web.ready has an unknown key "timeuot".  Did you mean "timeout"?',
    ],
  },
  {
    name: 'values of wrong types, in block and in flow',
    files: config(`
processes:
  web:
    command: node server.js
    autostart: sometimes
    logs: { maxFiles: -1, ring: lots }
`),
    says: [
      'promptbin.config.yaml:4:16  processes.web.autostart is "sometimes", expected true or false.',
      'promptbin.config.yaml:5:23  processes.web.logs.maxFiles is -1, expected a whole number from 0.',
      'promptbin.config.yaml:5:33  processes.web.logs.ring is "lots", expected a size, such as 1024, "256kb" or "10mb".',
    ],
  },
  {
    name: 'a key that has no value',
    files: config(`
processes:
  web:
    command: node server.js
    port:
`),
    says: [
      'promptbin.config.yaml:4:10  processes.web.port is null, expected a port from 0 to 65535, "auto" or an object.',
    ],
  },
  {
    name: 'a process that has nothing',
    files: config(`
processes:
  web:
  api:
    command: node api.js
`),
    says: [
      'promptbin.config.yaml:2:7  processes.web is null, expected an object such as { "command": "node server.js" }.',
    ],
  },
  {
    name: 'a key of a plugin that is not listed',
    files: config(`
processes:
  web:
    command: node server.js
    health: /health
`),
    says: [
      'promptbin.config.yaml:4:5  processes.web has an unknown key "health".  That key belongs to @promptbin/plugin-health, which is not in plugins: add "@promptbin/plugin-health".',
    ],
  },
  {
    name: 'a misspelled key of a plugin that is not listed',
    files: config(`
processes:
  web:
    command: node server.js
    restrt: always
`),
    says: [
      'promptbin.config.yaml:4:5  processes.web has an unknown key "restrt".  Did you mean "restart"? That key belongs to @promptbin/plugin-restart, which is not in plugins: add "@promptbin/plugin-restart".',
    ],
  },
  {
    name: 'a mistake inside an anchor that is used twice',
    files: config(`
processes:
  web: &node
    command: node web.js
    stop:
      grace: soon
  api:
    <<: *node
    command: node api.js
`),
    says: [
      'promptbin.config.yaml:5:14  processes.web.stop.grace is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
      'promptbin.config.yaml:5:14  processes.api.stop.grace is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
    ],
  },
  {
    name: 'a mistake inside an alias',
    files: config(`
shared:
  stop: &stop { grace: soon }
processes:
  web:
    command: node web.js
    stop: *stop
`),
    says: [
      'promptbin.config.yaml:2:24  processes.web.stop.grace is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
    ],
  },
  {
    name: 'a dependency that is no process, item by item',
    files: config(`
processes:
  db:
    command: postgres
  web:
    command: node web.js
    dependsOn:
      - db
      - cache
`),
    says: [
      'promptbin.config.yaml:8:9  processes.web depends on "cache", which is no process of this config.  Known processes: db, web.',
    ],
  },
  {
    name: 'a variable that is an object, and one of no name',
    files: config(`
env:
  LEVELS: { a: 1 }
  A=B: c
processes: {}
`),
    says: [
      'promptbin.config.yaml:2:11  env.LEVELS is {"a":1}, expected a text, a number, true, false or null.',
      'promptbin.config.yaml:3:3  env: "A=B" is no name of a variable.',
    ],
  },
  {
    name: 'a section of "shared" that promptbin writes itself, and a wrong one',
    files: config(`
shared:
  runtime: {}
  flask: { port: 70000, degub: true }
processes: {}
`),
    says: [
      'promptbin.config.yaml:2:12  shared.runtime is {}, expected nothing: promptbin itself writes it.',
      'promptbin.config.yaml:3:18  shared.flask.port is 70000, expected a port from 0 to 65535.',
      'promptbin.config.yaml:3:25  shared.flask has an unknown key "degub".  Did you mean "debug"?',
    ],
  },
  {
    name: 'an alias for what it stands in, and the key "__proto__"',
    files: config(`
processes: &all
  web:
    command: node web.js
    env: { __proto__: x }
  again: *all
`),
    says: [
      'promptbin.config.yaml:4:12  processes.web.env has a key "__proto__", which no object can have.',
      'promptbin.config.yaml:5:3  processes.again stands for what it is a part of: processes.',
    ],
  },
  {
    name: 'processes that stand beside "processes"',
    files: config(`
processes:
web:
  command: node web.js
`),
    says: [
      'promptbin.config.yaml:1:11  processes is null, expected an object such as { "web": { "command": "node server.js" } }.',
      'promptbin.config.yaml:2:1  The config has an unknown key "web".  Processes stand in "processes".',
    ],
  },
  {
    name: 'what docker compose and pm2 call it',
    files: config(`
services: {}
apps: []
processes:
  web:
    command: node web.js
    healthcheck: /health
    autorestart: false
`),
    says: [
      'promptbin.config.yaml:1:1  The config has an unknown key "services".  Did you mean "processes"?',
      'promptbin.config.yaml:2:1  The config has an unknown key "apps".  Did you mean "processes"?',
      'promptbin.config.yaml:6:5  processes.web has an unknown key "healthcheck".  Did you mean "health"? That key belongs to @promptbin/plugin-health, which is not in plugins: add "@promptbin/plugin-health".',
      'promptbin.config.yaml:7:5  processes.web has an unknown key "autorestart".  Did you mean "restart"? That key belongs to @promptbin/plugin-restart, which is not in plugins: add "@promptbin/plugin-restart".',
    ],
  },
];
