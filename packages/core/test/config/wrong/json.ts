import type { Wrong } from './table.ts';

const config = (text: string): Wrong['files'] => ({ 'promptbin.config.json': text.replace(/^\n/, '') });

export const jsonMistakes: readonly Wrong[] = [
  {
    name: 'a misspelled key of a process',
    files: config(`
{
  "processes": {
    "web": { "command": "node server.js", "prot": 3000 }
  }
}
`),
    says: ['promptbin.config.json:3:43  processes.web has an unknown key "prot".  Did you mean "port"?'],
  },
  {
    name: 'a misspelled key of the config',
    files: config(`
{
  "processes": { "web": { "command": "node server.js" } },
  "envfile": [".env"]
}
`),
    says: ['promptbin.config.json:3:3  The config has an unknown key "envfile".  Did you mean "envFile"?'],
  },
  {
    name: 'a key like no other',
    files: config(`
{
  "processes": { "web": { "command": "node server.js", "stop": { "xyzzy": 1 } } }
}
`),
    says: ['promptbin.config.json:2:66  processes.web.stop has an unknown key "xyzzy".  Known keys: signal, grace.'],
  },
  {
    name: 'a port out of range, and one of a wrong type, in two processes',
    files: config(`
{
  "processes": {
    "web": { "command": "node web.js", "port": 70000 },
    "api": {
      "command": "node api.js",
      "port": { "preferred": "3000" }
    }
  }
}
`),
    says: [
      'promptbin.config.json:3:48  processes.web.port is 70000, expected a port from 0 to 65535.',
      'promptbin.config.json:6:30  processes.api.port.preferred is "3000", expected a port from 0 to 65535.  Write 3000 without quotes.',
    ],
  },
  {
    name: 'a process without a command',
    files: config(`
{
  "processes": {
    "web": { "port": 3000 }
  }
}
`),
    says: ['promptbin.config.json:3:5  processes.web.command is missing.'],
  },
  {
    name: 'no processes',
    files: config('{}\n'),
    says: ['promptbin.config.json:1:1  processes is missing.'],
  },
  {
    name: 'a list of processes',
    files: config('{ "processes": [{ "command": "x" }] }\n'),
    says: [
      'promptbin.config.json:1:16  processes is [{"command":"x"}], expected an object such as { "web": { "command": "node server.js" } }.',
    ],
  },
  {
    name: 'a process that is a text',
    files: config(`
{
  "processes": {
    "web": "node server.js"
  }
}
`),
    says: [
      'promptbin.config.json:3:12  processes.web is "node server.js", expected an object such as { "command": "node server.js" }.',
    ],
  },
  {
    name: 'a name that no process can have, and the name of the manager',
    files: config(`
{
  "processes": {
    "my app": { "command": "x" },
    "promptbin": { "command": "x" }
  }
}
`),
    says: [
      'promptbin.config.json:3:5  processes: "my app" is no name of a process: 1 to 63 letters, digits, "-" and "_".',
      'promptbin.config.json:4:5  processes: "promptbin" is the name of the manager itself.',
    ],
  },
  {
    name: 'a duration, a size and a signal in the words of others',
    files: config(`
{
  "processes": {
    "web": {
      "command": "node server.js",
      "ready": { "timeout": "5 sec" },
      "stop": { "signal": "TERM", "grace": "2 minutes" },
      "logs": { "maxSize": "10 MiB" }
    }
  }
}
`),
    says: [
      'promptbin.config.json:5:29  processes.web.ready.timeout is "5 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".  Did you mean "5s"?',
      'promptbin.config.json:6:27  processes.web.stop.signal is "TERM", expected one of "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT", "SIGBUS" and others.  Did you mean "SIGTERM"?',
      'promptbin.config.json:6:44  processes.web.stop.grace is "2 minutes", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".  Did you mean "2m"?',
      'promptbin.config.json:7:28  processes.web.logs.maxSize is "10 MiB", expected a size, such as 1024, "256kb" or "10mb".  Did you mean "10mb"?',
    ],
  },
  {
    name: 'a kind that does not exist',
    files: config(`
{
  "processes": { "setup": { "command": "make", "kind": "jop" } }
}
`),
    says: [
      'promptbin.config.json:2:56  processes.setup.kind is "jop", expected "service" or "job".  Did you mean "job"?',
    ],
  },
  {
    name: 'a word of the command that is no text',
    files: config(`
{
  "processes": {
    "web": { "command": ["node", "server.js", 3000] }
  }
}
`),
    says: ['promptbin.config.json:3:47  processes.web.command[2] is 3000, expected a text.'],
  },
  {
    name: 'an unknown dependency in a list, and one in an object',
    files: config(`
{
  "processes": {
    "database": { "command": "postgres" },
    "web": { "command": "node web.js", "dependsOn": ["databse"] },
    "api": { "command": "node api.js", "dependsOn": { "queue": "started" } }
  }
}
`),
    says: [
      'promptbin.config.json:4:54  processes.web depends on "databse", which is no process of this config.  Did you mean "database"?',
      'promptbin.config.json:5:55  processes.api depends on "queue", which is no process of this config.  Known processes: database, web, api.',
    ],
  },
  {
    name: 'processes that wait for each other',
    files: config(`
{
  "processes": {
    "a": { "command": "x", "dependsOn": ["b"] },
    "b": { "command": "x", "dependsOn": { "c": "ready" } },
    "c": { "command": "x", "dependsOn": ["a"] }
  }
}
`),
    says: [
      'promptbin.config.json:3:42  These processes wait for each other: a → b → c → a.  Take one of the dependencies out.',
    ],
  },
  {
    name: 'a wait for the end of a service, and for itself',
    files: config(`
{
  "processes": {
    "db": { "command": "postgres" },
    "web": { "command": "node web.js", "dependsOn": { "db": "completed", "web": "ready" } }
  }
}
`),
    says: [
      'promptbin.config.json:4:55  processes.web waits until "db" has completed, but a service does not complete.  Set processes.db.kind to "job", or depend on "ready".',
      'promptbin.config.json:4:74  processes.web depends on itself.',
    ],
  },
  {
    name: 'a command that only a shell could run',
    files: config(`
{
  "processes": {
    "web": { "command": "make build && node server.js" }
  }
}
`),
    says: [
      'promptbin.config.json:3:25  processes.web.command has "&&", which means something to a shell only, and none runs it.  Set "shell" to true, or write the command as a list if the word is meant as it is.',
    ],
  },
  {
    name: 'an env file that is not there',
    files: config(`
{
  "envFile": ".env",
  "processes": {}
}
`),
    says: [
      'promptbin.config.json:2:14  envFile names ROOT/.env, which does not exist.  Create the file, or take it out.',
    ],
  },
  {
    name: 'numbers and booleans in quotes, and plugins that are no list',
    files: config(`{
  "plugins": "@promptbin/plugin-health",
  "processes": {
    "web": { "command": "x", "port": "5000", "shell": "true" },
    "api": { "command": "x", "port": "5000:5000" }
  }
}
`),
    says: [
      'promptbin.config.json:2:14  plugins is "@promptbin/plugin-health", expected a list such as ["@promptbin/plugin-health"].',
      'promptbin.config.json:4:38  processes.web.port is "5000", expected a port from 0 to 65535, "auto" or an object.  Write 5000 without quotes.',
      'promptbin.config.json:4:55  processes.web.shell is "true", expected true or false.  Write true without quotes.',
      'promptbin.config.json:5:38  processes.api.port is "5000:5000", expected a port from 0 to 65535, "auto" or an object.',
    ],
  },
  {
    name: 'of several env files each has its own place',
    files: { ...config('{ "envFile": [".env", "b.env", "c.env"], "processes": {} }\n'), 'b.env': '' },
    says: [
      'promptbin.config.json:1:15  envFile[0] names ROOT/.env, which does not exist.  Create the file, or take it out.',
      'promptbin.config.json:1:32  envFile[2] names ROOT/c.env, which does not exist.  Create the file, or take it out.',
    ],
  },
];
