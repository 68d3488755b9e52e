import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noClientsReason } from '../../src/control/ephemeral.ts';
import { ReconnectingPort } from '../../src/control/reconnect.ts';
import { fault } from '../../src/fault.ts';
import { eventOf, ScriptedSource } from './scripted-source.ts';

const agent = { caller: 'mcp:agent' };

/** What there is behind the port: at most one manager at a time, and a log of what was tried. */
class World {
  manager: ScriptedSource | undefined;
  started = 0;
  mistake: string | undefined;
  readonly port: ReconnectingPort;

  constructor({ isUp = false } = {}) {
    if (isUp) this.open();
    this.port = new ReconnectingPort({
      attach: async () => Object.assign(this.manager ?? (await this.gone()), { close() {} }),
      start: async () => {
        this.started += 1;
        if (this.mistake !== undefined) throw await fault('PB_MANAGER_START', this.mistake);
        return Object.assign(this.open(), { close() {} });
      },
    });
  }

  open(): ScriptedSource {
    this.manager = new ScriptedSource();
    for (const name of ['process.list', 'process.start']) {
      this.manager.handlers[name] = async () => ({ ok: true, value: this.started });
    }
    return this.manager;
  }

  /** Ends the manager, which says why if it gets to. */
  async end(why?: string): Promise<void> {
    const ended = this.manager;
    while (ended?.following === 0) await new Promise(setImmediate);
    this.manager = undefined;
    if (why !== undefined) ended?.emit(eventOf(1, why));
    ended?.end();
    while (ended?.following !== 0) await new Promise(setImmediate);
  }

  private async gone(): Promise<never> {
    throw await fault('PB_MANAGER_GONE', 'No manager is running.');
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.port[Symbol.dispose]());

describe('a reconnecting port', () => {
  test('starts a manager once, however many ask', async () => {
    const results = await Promise.all([1, 2, 3].map(() => world.port.call('process.list', {}, agent)));
    expect(results).toEqual(Array(3).fill({ ok: true, value: 1 }));
  });

  test('attaches to a manager that runs', async () => {
    world.port[Symbol.dispose]();
    const other = new World({ isUp: true });
    expect(await other.port.call('process.list', {}, agent)).toEqual({ ok: true, value: 0 });
    other.port[Symbol.dispose]();
  });

  test('says why the manager did not come up, and tries again when it is asked again', async () => {
    world.mistake = 'processes.web is 7, expected an object.';
    const first = await world.port.call('process.list', {}, agent);
    expect(first).toMatchObject({ ok: false, error: { code: 'PB_MANAGER_START', message: world.mistake } });
    const tries = world.started;
    world.mistake = undefined;
    expect(await world.port.call('process.list', {}, agent)).toEqual({ ok: true, value: tries + 1 });
  });

  test('says so to everyone who has waited for it, also to who may start none', async () => {
    world.mistake = 'processes.web is 7, expected an object.';
    const followed = world.port.subscribe().next();
    const asked = world.port.call('process.list', {}, agent);
    await expect(followed).rejects.toThrow(world.mistake);
    expect(await asked).toMatchObject({ ok: false, error: { message: world.mistake } });
    await expect(world.port.subscribe().next()).rejects.toThrow(world.mistake);
  });

  test('does not try again on its own, nor for the bridge, which only keeps itself informed', async () => {
    world.mistake = 'a mistake';
    await world.port.call('process.list', {}, agent);
    const tries = world.started;
    const result = await world.port.call('process.list', {}, { caller: 'mcp' });
    expect(result).toMatchObject({ ok: false, error: { message: 'a mistake' } });
    expect(world.started).toBe(tries);
  });

  test('starts another when the manager has crashed, or had no client left', async () => {
    await world.port.call('process.list', {}, agent);
    await world.end();
    expect(await world.port.call('process.list', {}, agent)).toEqual({ ok: true, value: 2 });
    await world.end(noClientsReason);
    expect(await world.port.call('process.list', {}, agent)).toEqual({ ok: true, value: 3 });
  });

  test('whose manager breaks off in a call sends the next one to another', async () => {
    await world.port.call('process.list', {}, agent);
    const { manager } = world;
    if (manager === undefined) throw new Error('no manager');
    const gone = { code: 'PB_MANAGER_GONE', message: 'it broke off' } as const;
    manager.handlers['process.list'] = async () => {
      world.manager = undefined;
      // Its events end a little later than the call.
      setTimeout(() => manager.end(), 50);
      return { ok: false, error: gone };
    };
    expect(await world.port.call('process.list', {}, agent)).toMatchObject({ ok: false, error: gone });
    expect(await world.port.call('process.list', {}, agent)).toEqual({ ok: true, value: 2 });
  });

  test('tells who was answered no more to call again, for another manager is on its way', async () => {
    const other = new World({ isUp: true });
    const goneError = { code: 'PB_MANAGER_GONE', message: 'Gone.', hint: 'Start one with: promptbin up' };
    Object.assign(other.manager?.handlers ?? {}, { 'process.list': async () => ({ ok: false, error: goneError }) });
    expect(await other.port.call('process.list', {}, agent)).toMatchObject({
      error: { code: 'PB_MANAGER_GONE', hint: expect.stringContaining('Call again') },
    });
    other.port[Symbol.dispose]();
  });

  test('leaves down what somebody has stopped, until a start is asked for', async () => {
    await world.port.call('process.list', {}, agent);
    await world.end('stop requested by cli');
    const result = await world.port.call('process.list', {}, agent);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'PB_MANAGER_GONE', hint: expect.stringContaining('call start_process') },
    });
    expect(await world.port.call('process.start', { name: 'web' }, agent)).toEqual({ ok: true, value: 2 });
  });

  test('events end with their manager', async () => {
    await world.port.call('process.list', {}, agent);
    const { manager } = world;
    manager?.emit(eventOf(1));
    const seen: number[] = [];
    for await (const { seq } of world.port.subscribe({ after: 0 })) {
      seen.push(seq);
      manager?.end();
    }
    expect(seen).toEqual([1]);
  });

  test('a call does not wait for ever', async () => {
    const slow = new ReconnectingPort({
      attach: () => new Promise(() => {}),
      start: () => new Promise(() => {}),
      waitMs: 20,
    });
    const result = await slow.call('process.list', {}, agent);
    expect(result).toMatchObject({ ok: false, error: { code: 'PB_WAIT_TIMEOUT' } });
    slow[Symbol.dispose]();
  });
});
