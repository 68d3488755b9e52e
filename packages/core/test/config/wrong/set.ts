import type { Wrong } from './table.ts';

const files: Wrong['files'] = {
  'promptbin.config.yaml': `processes:
  web:
    command: [node, server.js]
    port: 3000
    dependsOn: [db]
  db:
    command: postgres
`,
};

export const setMistakes: readonly Wrong[] = [
  {
    name: 'an unknown process',
    files,
    set: ['wbe.port=0'],
    says: ['--set wbe.port=0  --set wbe.port=0 names neither a process nor a key of the config.  Did you mean "web"?'],
  },
  {
    name: 'a process like no other',
    files,
    set: ['queue.port=0'],
    says: [
      '--set queue.port=0  --set queue.port=0 names neither a process nor a key of the config.  Known processes: web, db.',
    ],
  },
  {
    name: 'no value',
    files,
    set: ['web.port'],
    says: ['--set web.port  --set web.port is not of the form name.key=value.  Write it as in --set web.port=0.'],
  },
  {
    name: 'no path',
    files,
    set: ['=5'],
    says: ['--set =5  --set =5 is not of the form name.key=value.  Write it as in --set web.port=0.'],
  },
  {
    name: 'a path with a slip',
    files,
    set: ['web..port=5', 'web[x]=5'],
    says: [
      '--set web..port=5  --set web..port=5 is not of the form name.key=value.  Write it as in --set web.port=0.',
      '--set web[x]=5  --set web[x]=5 is not of the form name.key=value.  Write it as in --set web.port=0.',
    ],
  },
  {
    name: 'an item that a list does not have',
    files,
    set: ['web.command[7]=x', 'web.dependsOn.db=started'],
    says: [
      '--set web.command[7]=x  --set web.command[7]=x does not fit: processes.web.command is a list.  Its items are 0 to 1.',
      '--set web.dependsOn.db=started  --set web.dependsOn.db=started does not fit: processes.web.dependsOn is a list.  Its only item is 0.',
    ],
  },
  {
    name: 'a wrong value',
    files,
    set: ['web.port=fast', 'db.stop.grace=5 sec'],
    says: [
      '--set web.port=fast  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.',
      '--set db.stop.grace=5 sec  processes.db.stop.grace is "5 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".  Did you mean "5s"?',
    ],
  },
  {
    name: 'an unknown key of a process',
    files,
    set: ['web.prot=5'],
    says: ['--set web.prot=5  processes.web has an unknown key "prot".  Did you mean "port"?'],
  },
  {
    name: 'an unknown key of the config',
    files,
    set: ['envfile=.env'],
    says: [
      '--set envfile=.env  --set envfile=.env names neither a process nor a key of the config.  Did you mean "envFile"?',
    ],
  },
  {
    name: 'an item of a list that is no text',
    files,
    set: ['web.command.1=5'],
    says: ['--set web.command.1=5  processes.web.command[1] is 5, expected a text.'],
  },
  {
    name: 'a process that is taken out and still waited for',
    files,
    set: ['processes.db=null'],
    says: [
      'promptbin.config.yaml:5:17  processes.web depends on "db", which is no process of this config.  Known processes: web.',
    ],
  },
  {
    name: 'a new process without a command',
    files,
    set: ['processes.queue.port=0'],
    says: ['--set processes.queue.port=0  processes.queue.command is missing.'],
  },
  {
    name: '"extends"',
    files,
    set: ['extends=./base.json'],
    says: ['--set extends=./base.json  --set extends=./base.json comes too late.  Write "extends" in a config file.'],
  },
  {
    name: '"__proto__" in the path and in the value',
    files,
    set: ['web.env.__proto__=x', 'web.env={"__proto__":"x"}', 'processes.__proto__.command=x'],
    says: [
      '--set web.env.__proto__=x  --set web.env.__proto__=x has a key "__proto__", which no object can have.',
      '--set web.env={"__proto__":"x"}  --set web.env={"__proto__":"x"} has a key "__proto__", which no object can have.',
      '--set processes.__proto__.command=x  --set processes.__proto__.command=x has a key "__proto__", which no object can have.',
    ],
  },
];
