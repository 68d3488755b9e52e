import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, createManager, type Manager } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { plugin } from '../support/plugins.ts';
import { lineWith, testManager } from '../support/project.ts';

const token = 'tok-3f9a1b2c4d5e';
const keyLines = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0B',
  'AQEFAASCBKcwggSjAgEA',
  '-----END PRIVATE KEY-----',
];
const leak = [process.execPath, join(import.meta.dirname, '..', 'fixtures', 'leak.mjs')] as const;
const hidden = [token, ...keyLines.slice(1, 3)];

/** Every text that can be had of a manager, by where it was found. */
async function shownBy(manager: Manager): Promise<ReadonlyMap<string, string>> {
  const shown = new Map<string, string>();
  for (const { name, effect } of await manager.commands()) {
    if (effect !== 'read') continue;
    const names = [undefined, ...manager.processes().map((process) => process.name)];
    for (const process of names) {
      const answer = await manager.call(name, { name: process, maxBytes: 1_000_000 }, { caller: 'test' });
      shown.set(`${name} ${process}`, JSON.stringify(answer));
    }
  }
  for (const { name } of manager.processes()) {
    shown.set(`lines of ${name}`, JSON.stringify(manager.process(name).logs()));
    shown.set(`view of ${name}`, JSON.stringify(manager.process(name).view));
  }
  return shown;
}

function filesBelow(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = entries.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

function expectNoSecret(texts: ReadonlyMap<string, string>, secrets = hidden): void {
  for (const [where, text] of texts) {
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
  }
}

test('what a process prints of its secrets is shown nowhere: no file, no event, no answer, no line', async () => {
  const lines: string[] = [];
  const listener = plugin('listener', (ctx) => {
    ctx.hooks.output.tap('listener', ({ text }) => void lines.push(text));
  });
  const { manager, root, events } = await testManager({
    plugins: [listener],
    processes: {
      web: { command: leak, ready: { log: 'all printed' } },
      crash: { command: [...leak, '3'] },
      thrown: { command: [...leak, 'throw'] },
    },
    env: { API_TOKEN: token, TLS_KEY: keyLines.join('\n') },
  });
  await manager.process('web').start();
  const thrown = async (name: string): Promise<unknown> => {
    await manager.process(name).start();
    return manager.process(name).until('failed');
  };
  await Promise.all([thrown('crash'), thrown('thrown')]);
  const refused = await manager.call('process.start', { name: 'thrown' }, { caller: 'test' });
  expect(lines).toContain('token: [secret]');
  expect(lines).toContain('Error: refused: Bearer [secret]');
  expect(lines).toContain('half of it: [secret]');
  expect(lines).toContain('unfinished [secret]');
  expect(lines).toContain(`> ${keyLines[0]}`);
  expect(lines).toContain('> [secret]');
  const all = new Map([
    ...(await shownBy(manager)),
    ...filesBelow(join(root, '.promptbin')),
    ['events', JSON.stringify(events)],
    ['lines', lines.join('\n')],
    ['an answer', JSON.stringify(refused)],
  ]);
  expect(all.get('logs/web.log')).toContain(`${'x'.repeat(100)}[secret]${'y'.repeat(100)}`);
  expect(all.get('logs/web.log')).toContain('\0\xff\xc3([secret]\0\xfe\n');
  expectNoSecret(all);
});

test('a command that cannot be run does not tell the secret in it, nor does what plugins say of one', async () => {
  const chatty = plugin('chatty', (ctx) => {
    const say = `it was ${token}`;
    ctx.hooks.gate.tap('chatty', ({ name }) => (name === 'gated' ? { reason: say } : undefined));
    ctx.hooks.plan.tap('chatty', (plan, { name }) => {
      if (name === 'planned') throw new Error(say);
      return plan;
    });
    ctx.hooks.env.tap('chatty', (env, { name }) =>
      name === 'late' ? { ...env, LATE_TOKEN: 'late-secret' } : undefined,
    );
    ctx.command({
      name: 'chatty.say',
      summary: 'Says it.',
      effect: 'read',
      input: z.looseObject({}),
      run: () => ({ list: [{ say }] }),
    });
    ctx.command({
      name: 'chatty.fail',
      summary: 'Fails with it.',
      effect: 'read',
      input: z.looseObject({}),
      run: () => Promise.reject(new Error(say)),
    });
  });
  const { manager, root, events } = await testManager({
    plugins: [chatty],
    env: { API_TOKEN: token },
    processes: {
      missing: { command: [`/nowhere/${token}/program`, token], autostart: false },
      gated: { command: 'true', autostart: false },
      planned: { command: 'true', kind: 'job', autostart: false },
      late: { command: ['sh', '-c', 'echo it is $LATE_TOKEN'], kind: 'job', autostart: false },
    },
  });
  await expect(manager.process('missing').start()).rejects.toMatchObject({
    message: expect.stringContaining('/nowhere/[secret]/program'),
  });
  const gated = manager.process('gated').start();
  gated.catch(() => undefined);
  await manager.process('gated').until(({ waitingFor }) => waitingFor?.includes('it was [secret]') === true);
  await manager.process('planned').start();
  await manager.process('late').start();
  expect(await lineWith(manager.process('late'), 'it is')).toBe('it is [secret]');
  const said = await manager.call('chatty.say', {}, { caller: 'test' });
  expect(said).toEqual({ ok: true, value: { list: [{ say: 'it was [secret]' }] } });
  const all = new Map([
    ...(await shownBy(manager)),
    ...filesBelow(join(root, '.promptbin')),
    ['events', JSON.stringify(events)],
  ]);
  expect(all.get('chatty.fail undefined')).toContain('it was [secret]');
  expect(all.get('events')).toContain('plugin.fault');
  expect(all.get('logs/promptbin.log')).toContain('[secret]');
  expectNoSecret(all, [token, 'late-secret']);
});

test('a manager that cannot be made does not tell what its config and its environment hold', async () => {
  const throwing = plugin('throwing', () => Promise.reject(new Error(`cannot use ${token}`)));
  const { root } = await testManager({ processes: {} });
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other', '.env'), `FILE_TOKEN=${token}\n`);
  const attempts: [config: Config, env?: Record<string, string>][] = [
    [{ processes: { web: { command: 'x', envFile: '.env' } } }],
    [{ processes: {} }, { INHERITED_KEY: token }],
    [{ shared: { own: { apiKey: token } }, processes: {} }],
  ];
  for (const [config, env = {}] of attempts) {
    const made = createManager({ plugins: [throwing], ...config }, { root: join(root, 'other'), log: false, env });
    const fault = await made.then(
      () => expect.fail('It was made.'),
      (thrown: unknown) => thrown as Error,
    );
    expect(fault).toMatchObject({ code: 'PB_PLUGIN_SETUP' });
    expect(fault.message).toContain('cannot use [secret]');
    expect(`${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`).not.toContain(token);
  }
});

test('what the config marks is hidden, what it takes out is shown, and a process finds its own value', async () => {
  const { manager, root } = await testManager({
    secrets: ['DATABASE_URL', '!PUBLIC_KEY'],
    env: { DATABASE_URL: 'postgres://me:pw@db/x', PUBLIC_KEY: 'published' },
    processes: {
      job: { kind: 'job', command: ['sh', '-c', 'echo $DATABASE_URL $PUBLIC_KEY; printf %s "$DATABASE_URL" > out'] },
    },
  });
  await manager.process('job').start();
  expect(manager.process('job').logs().lines[0]?.text).toBe('[secret] published');
  expect(readFileSync(join(root, 'out'), 'utf8')).toBe('postgres://me:pw@db/x');
});

test.each(['postgres', 'running', 'requested', 'message', 'unknown'])(
  'a password that is a word of promptbin, or the name of a process, does not confuse it: %s',
  async (word) => {
    const { manager, events } = await testManager({
      processes: { postgres: { command: ['sh', '-c', `echo ${word}; exec sleep 60`], env: { DB_PASSWORD: word } } },
    });
    const web = manager.process('postgres');
    expect(await web.start()).toMatchObject({ name: 'postgres', phase: 'running', kind: 'service', ready: true });
    expect(await lineWith(web, 'secret')).toBe('[secret]');
    await web.stop();
    expect(web.view).toMatchObject({ name: 'postgres', phase: 'stopped', cause: { code: 'requested' } });
    expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
  },
);

test('after a reload, secrets of the new config are hidden', async () => {
  const { manager } = await testManager({ processes: {} });
  await manager.reload({
    processes: { job: { kind: 'job', command: 'echo new-secret', env: { NEW_TOKEN: 'new-secret' }, autostart: false } },
  });
  await manager.process('job').start();
  expect(manager.process('job').logs().lines[0]?.text).toBe('[secret]');
});
