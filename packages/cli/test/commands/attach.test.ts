import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DetachKeys, parseKeys } from '../../src/control/detach-keys.ts';
import { TerminalModes } from '../../src/render/terminal-modes.ts';
import { fixture, Project, type Run } from '../project.ts';
import { inTerminal } from '../terminal.ts';

const program = fileURLToPath(new URL('../../../core/test/fixtures/terminal.mjs', import.meta.url));
const web = { command: [process.execPath, program] as [string, string], tty: true, ready: { log: 'true' } };
const detach = '\u0010\u0011';

describe('attach', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ web, plain: { command: fixture('server'), port: 'auto' } });
    await project.run('up', '--detach');
  });
  afterEach(() => project[Symbol.asyncDispose]());

  const type = (run: Run, text: string): void => void run.child.stdin?.write(text);
  async function attached(...flags: readonly string[]): Promise<Run> {
    const run = inTerminal(project, ['attach', 'web', ...flags], { columns: 100, rows: 30 });
    await run.says(/Attached to web; .* detaches\.[\s\S]*true 100x30/);
    return run;
  }
  const pidOf = async (): Promise<number | undefined> => (await project.status()).processes[0]?.pid;

  test('types into the process, shows it, and detaches; the process goes on', async () => {
    const pid = await pidOf();
    const run = await attached();
    type(run, 'hello\r');
    await run.says(/heard hello/);
    type(run, '\u0003');
    await run.says(/interrupted/);
    type(run, detach);
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Detached; web goes on\.\s*$/)]);
    const again = await attached('--detach-keys', 'ctrl-a,d');
    // What was shown before is there.
    await again.says(/heard hello/);
    type(again, '\u0001x\r');
    await again.says(/heard .?x/);
    type(again, '\u0001d');
    expect((await again.finished).code).toBe(0);
    expect(await pidOf()).toBe(pid);
  });

  test('two at once see the same, and one that is killed harms nobody', async () => {
    const [one, other] = [await attached(), await attached()];
    type(one, 'both\r');
    await Promise.all([one.says(/heard both/), other.says(/heard both/)]);
    one.child.kill('SIGKILL');
    await one.finished;
    type(other, 'alone\r');
    await other.says(/heard alone/);
    type(other, detach);
    expect((await other.finished).code).toBe(0);
  });

  test('ends with the run, and says how that has ended', async () => {
    const run = await attached();
    type(run, 'exit\r');
    const { code, stdout } = await run.finished;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/web has failed: exited with code 5/)]);
    await project.run('start', 'web');
    const next = await attached();
    await project.run('stop', 'web');
    await next.says(/web is stopped|web is stopping/);
    expect((await next.finished).code).toBe(0);
  });

  test('ends when the manager is killed', async () => {
    const run = await attached();
    const { manager } = await project.status();
    process.kill(manager.pid, 'SIGKILL');
    await run.says(/The manager has ended\./);
    expect((await run.finished).code).toBe(0);
  });

  test('a signal detaches, too', async () => {
    const run = await attached();
    run.child.kill('SIGTERM');
    await run.finished;
    expect(await pidOf()).toBeGreaterThan(0);
  });

  test.each([
    [['web'], 2, /`attach` needs a terminal\.\n {2}In a pipe: promptbin logs -f web/],
    [['plain'], 1, /"plain" does not run in a terminal\.[\s\S]*promptbin logs -f plain/],
    [['wbe'], 2, /Did you mean "web"\?/],
    [['web', '--detach-keys', 'ctrl-é'], 2, /--detach-keys is "ctrl-é", which are no keys/],
  ])('attach %j is refused', async ([name = '', ...flags], code, told) => {
    const run =
      code === 2 && name === 'web' && flags.length === 0
        ? project.spawn(['attach', name])
        : inTerminal(project, ['attach', name, ...flags]);
    const { stdout, stderr, ...finished } = await run.finished;
    expect(finished.code).toBe(code);
    expect(stdout.replaceAll('\r', '') + stderr).toMatch(told);
  });

  test('what opens the socket by hand can use a terminal as well; what asks wrongly is told so', async () => {
    const ask = async (...lines: readonly string[]): Promise<string> => {
      const socket = connectSocket(join(project.root, '.promptbin', 'control.sock'));
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString();
    };
    const upgrade = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: promptbin-terminal'];
    expect(await ask('GET /v1/terminal/web HTTP/1.1', ...upgrade)).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(await ask('GET /v1/terminal/plain HTTP/1.1', ...upgrade)).toMatch(/^HTTP\/1\.1 409 .*[\s\S]*PB_TTY_NONE/);
    expect(await ask('GET /v1/status HTTP/1.1', ...upgrade)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await ask('GET /v1/terminal/web HTTP/1.1', 'Origin: http://evil.example', ...upgrade)).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    const size = (query: string) => ask(`POST /v1/terminal/web?${query} HTTP/1.1`, 'Host: localhost');
    expect(await size('columns=90&rows=20')).toMatch(/^HTTP\/1\.1 200 /);
    for (const wrong of ['columns=0&rows=20', 'columns=90', 'columns=70000&rows=1'])
      expect(await size(wrong)).toMatch(/ 400 /);
    expect((await project.run('wait', 'web', '--pattern', 'true 90x20', '--after', '0')).code).toBe(0);
  });
});

test('keys to detach are found across what is typed at once, and else nothing is lost', async () => {
  const keys = new DetachKeys(await parseKeys('ctrl-p,ctrl-q'));
  const pushed = (...bytes: number[]) => {
    const passed = keys.push(Uint8Array.from(bytes));
    return passed && [...passed];
  };
  expect(pushed(97, 16)).toEqual([97]);
  expect(pushed(98)).toEqual([16, 98]);
  expect(pushed(16, 16)).toEqual([16]);
  expect(pushed(17)).toBeUndefined();
  expect(await parseKeys('ctrl-],q')).toEqual([29, 113]);
});

test('a terminal is put back as it was, whatever a program has set', () => {
  const modes = new TerminalModes();
  const see = (text: string): void => modes.see(Buffer.from(text));
  expect(modes.undo()).toBe('\u001b[0m');
  see('\u001b[?1049h\u001b[?25l text \u001b[?1000;1006h');
  expect(modes.undo()).toBe('\u001b[?1006l\u001b[?1000l\u001b[?25h\u001b[?1049l\u001b[0m');
  see('\u001b[?25h\u001b[?1049l\u001b[?1000;1006l');
  expect(modes.undo()).toBe('\u001b[0m');
});
