import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, clients, type McpClient } from '../support/mcp/clients.ts';
import { doors } from '../support/mcp/doors.ts';
import { makeProject } from '../support/mcp/project.ts';

const revisions = ['2025-11-25', '2026-07-28'] as const;
const ways = ['stdio', 'HTTP', 'socket'] as const;
const cells = revisions.flatMap((revision) => ways.map((way) => [revision, way] as const));

/** Has the app write a line, as a visitor would. */
const say = (url: unknown, line: string): Promise<Response> => fetch(`${url}/say?line=${encodeURIComponent(line)}`);
const textsOf = ({ lines }: Answer): string[] => (lines as { readonly text: string }[]).map(({ text }) => text);

describe.each(cells)('an agent of revision %s over %s', (revision, way) => {
  async function connect(): Promise<McpClient> {
    const agent = await clients[revision](await doors[way](await makeProject()));
    onTestFinished(() => agent.close());
    return agent;
  }

  test('brings an app up, watches it crash, learns why, and brings it back', async () => {
    const agent = await connect();
    const started = await agent.call('start_process', { name: 'web', timeoutSec: 50 });
    expect(started).toMatchObject({ isError: false, ready: true, generation: 1 });

    // It waits for a line, hears of progress, and gets it.
    const waited = Promise.withResolvers<void>();
    const hello = agent.call(
      'wait_for_process',
      { name: 'web', until: 'log', pattern: 'hello', timeoutSec: 50 },
      { onprogress: () => waited.resolve() },
    );
    await waited.promise;
    await say(started.url, 'hello');
    expect(await hello).toMatchObject({ isError: false, met: true, matchedLine: { text: 'hello' } });

    // It reads on from where it was.
    const { nextCursor } = await agent.call('read_logs', { name: 'web' });
    await say(started.url, 'goodbye');
    await agent.call('wait_for_process', { name: 'web', until: 'log', pattern: 'goodbye', cursor: nextCursor });
    expect(textsOf(await agent.call('read_logs', { name: 'web', cursor: nextCursor }))).toEqual(['goodbye']);

    // It waits for whatever happens next, which is a crash.
    const before = await agent.call('list_events', { limit: 1 });
    const news = agent.call('list_events', { name: 'web', cursor: before.nextCursor, waitSec: 50 });
    await fetch(`${started.url}/crash`);
    expect(JSON.stringify((await news).events)).toContain('exited with code 7');
    const why = await agent.call('explain_process', { name: 'web' });
    expect(why).toMatchObject({ isError: false, verdict: 'down' });
    expect(JSON.stringify(why.evidence)).toContain('out of cheese');

    const again = await agent.call('restart_process', { name: 'web', timeoutSec: 50, reason: 'it has crashed' });
    expect(again).toMatchObject({ isError: false, ready: true, generation: 2 });
    expect(await agent.call('stop_process', { name: 'web' })).toMatchObject({ isError: false, phase: 'stopped' });
  });

  test('takes a wait back, and goes on', async () => {
    const agent = await connect();
    await agent.call('start_process', { name: 'web', timeoutSec: 50 });
    const enough = new AbortController();
    const wait = agent.call(
      'wait_for_process',
      { name: 'web', until: 'log', pattern: 'never', timeoutSec: 50 },
      { signal: enough.signal, onprogress: () => enough.abort(new Error('enough')) },
    );
    await expect(wait).rejects.toThrow();
    expect(await agent.call('get_process', { name: 'web' })).toMatchObject({ isError: false, ready: true });
  });

  test('has a person agree before it stops what is protected', async () => {
    const agent = await connect();
    await agent.call('start_process', { name: 'guarded', timeoutSec: 50 });
    expect(await agent.call('stop_process', { name: 'guarded' })).toMatchObject({ isError: false, phase: 'stopped' });
    expect(agent.asked).toEqual([expect.stringContaining('guarded')]);
  });
});

// A bridge stands between them and the manager; over the socket the server dies with it.
const bridged = cells.filter(([, way]) => way !== 'socket');

test.each(bridged)('an agent of revision %s over %s outlives a manager that is killed', async (revision, way) => {
  const folder = await makeProject();
  const agent = await clients[revision](await doors[way](folder));
  onTestFinished(() => agent.close());
  await agent.call('start_process', { name: 'web', timeoutSec: 50 });
  const waits = Promise.withResolvers<void>();
  const wait = agent.call(
    'wait_for_process',
    { name: 'web', until: 'log', pattern: 'never', timeoutSec: 50 },
    { onprogress: () => waits.resolve() },
  );
  await waits.promise;
  const { pid } = JSON.parse(await readFile(join(folder, '.promptbin', 'manager.json'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  expect(await wait).toMatchObject({ isError: true, error: { code: 'PB_MANAGER_GONE' } });
  // Another manager comes up when it is needed, and its ports are others: the app of the first one lives on.
  const again = await agent.call('start_process', { name: 'web', timeoutSec: 50 });
  expect(again, JSON.stringify(again)).toMatchObject({ isError: false, ready: true, generation: 1 });
});
