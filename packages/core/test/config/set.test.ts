import { expect, test } from 'vitest';
import { loadConfig, project } from './project.ts';

const file = {
  'promptbin.config.yaml': `
plugins: [["@promptbin/plugin-restart", { maxRestarts: 3 }]]
env: { A: one }
shared: { flask: { port: 5000 } }
processes:
  web: { command: [node, web.js], port: 3000, env: { B: two } }
  env: { command: printenv }
`,
};

test.each<[string, object]>([
  ['web.port=0', { processes: { web: { port: 0 } } }],
  ['processes.web.port=0', { processes: { web: { port: 0 } } }],
  ['web.port={"strict":true}', { processes: { web: { port: { strict: true } } } }],
  ['web.port.strict=true', { processes: { web: { port: { strict: true } } } }],
  ['web.cwd=a=b', { processes: { web: { cwd: 'a=b' } } }],
  ['web.cwd=', { processes: { web: { cwd: '' } } }],
  ['web.env.C=three words, "quoted"', { processes: { web: { env: { B: 'two', C: 'three words, "quoted"' } } } }],
  ['web.env.B=null', { processes: { web: { env: { B: null } } } }],
  ['web.env["A.B"]=1', { processes: { web: { env: { 'A.B': 1 } } } }],
  ['web.command.1=other.js', { processes: { web: { command: ['node', 'other.js'] } } }],
  ['web.command[1]=other.js', { processes: { web: { command: ['node', 'other.js'] } } }],
  ['web.command[2]=--watch', { processes: { web: { command: ['node', 'web.js', '--watch'] } } }],
  ['web.command=["ls"]', { processes: { web: { command: ['ls'] } } }],
  ['env.A=1', { env: { A: 1 } }],
  ['processes.env.command=env', { processes: { env: { command: 'env' } } }],
  ['env.TZ=UTC', { env: { A: 'one', TZ: 'UTC' } }],
  ['shared.flask.port=0', { shared: { flask: { port: 0 } } }],
  ['plugins[0][1].maxRestarts=9', { plugins: [['@promptbin/plugin-restart', { maxRestarts: 9 }]] }],
  ['processes.worker.command=work', { processes: { worker: { command: 'work' } } }],
])('--set %s', async (text, expected) => {
  const root = await project(file);
  const { config } = await loadConfig({ from: root, set: [text] });
  expect(config).toMatchObject(expected);
});

test('null takes a process out', async () => {
  const root = await project(file);
  const { config } = await loadConfig({ from: root, set: ['web=null'] });
  expect(Object.keys(config.processes)).toEqual(['env']);
});

test('a later one sees what the earlier ones have set, and wins', async () => {
  const root = await project(file);
  const set = ['processes.new.command=["a"]', 'new.command[1]=b', 'new.command[1]=c', 'web.port=1', 'web.port=2'];
  const { config, source } = await loadConfig({ from: root, set });
  expect(config.processes).toMatchObject({ new: { command: ['a', 'c'] }, web: { port: 2 } });
  expect(
    source.written(['processes', 'web', 'port']).map(({ layer, value }) => [layer.name, layer.text, value]),
  ).toEqual([
    ['promptbin.config.yaml', expect.stringContaining('port: 3000'), 3000],
    ['--set', 'web.port=1', 1],
    ['--set', 'web.port=2', 2],
  ]);
});

test('all mistakes are told at once, under the name of the file', async () => {
  const root = await project(file);
  const fault = await loadConfig({ from: root, set: ['wbe.port=1', 'web.port=5', 'web'] }).catch((e) => e);
  expect(fault).toMatchObject({
    code: 'PB_CONFIG_INVALID',
    message: [
      `${root}/promptbin.config.yaml has 2 mistakes:`,
      '  --set wbe.port=1 names neither a process nor a key of the config. Did you mean "web"?',
      '  --set web is not of the form name.key=value. Write it as in --set web.port=0.',
    ].join('\n'),
  });
});
