import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { Heartbeat, HeartbeatProbe } from '../../src/probes/heartbeat.ts';
import { attempt, failureOf, subjectOf } from './subject.ts';

const maxAgeMs = 30_000;

async function setUp(isLenient = false) {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const file = join(root, 'run', 'beat');
  const clock = new VirtualClock();
  const heartbeat = new Heartbeat(file, clock);
  const makeProbe = () =>
    new HeartbeatProbe(
      { kind: 'heartbeat', file: 'run/beat', maxAgeMs },
      subjectOf({ clock, root }),
      heartbeat,
      isLenient,
    );
  let beats = 0;
  // Each has another time, whatever the resolution of the file system.
  const beat = async (at = new Date(Date.UTC(2020, 0, 1, 0, 0, ++beats))): Promise<void> => {
    await mkdir(join(root, 'run'), { recursive: true });
    await writeFile(file, '');
    await utimes(file, at, at);
  };
  return { root, file, clock, heartbeat, makeProbe, beat };
}

describe('heartbeat', () => {
  it('is missed until the file is touched, whether there was one before the spawn or not', async () => {
    const { heartbeat, makeProbe, beat } = await setUp();
    await beat();
    await heartbeat.look();
    const probe = makeProbe();
    expect((await failureOf(attempt(probe))).message).toBe('no heartbeat yet (run/beat, expected every 30 s)');
    await beat();
    await attempt(probe);
  });

  it('says that the file, or its folder, does not exist', async () => {
    const { heartbeat, makeProbe, beat } = await setUp();
    await heartbeat.look();
    const failure = await failureOf(attempt(makeProbe()));
    expect(failure.message).toBe('no heartbeat yet (run/beat, expected every 30 s); the file does not exist');
    await beat();
    await attempt(makeProbe());
  });

  it('may be as old as it was told, and no older', async () => {
    const { clock, heartbeat, makeProbe, beat } = await setUp();
    await heartbeat.look();
    await beat();
    const probe = makeProbe();
    await attempt(probe);
    await clock.advance(maxAgeMs);
    await attempt(probe);
    await clock.advance(1);
    const failure = await failureOf(attempt(probe));
    expect(failure.brief).toBe('no heartbeat for 30 s');
    await beat();
    await attempt(probe);
  });

  it('goes on when the file is replaced by another one of the same age', async () => {
    const { root, file, clock, heartbeat, makeProbe, beat } = await setUp();
    const at = new Date(Date.UTC(2020, 0, 1));
    await heartbeat.look();
    await beat(at);
    const probe = makeProbe();
    await attempt(probe);
    await clock.advance(maxAgeMs + 1);
    const other = join(root, 'run', 'other');
    await writeFile(other, '');
    await utimes(other, at, at);
    await rename(other, file);
    await attempt(probe);
  });

  it('stops when the file is removed, and that is said', async () => {
    const { file, clock, heartbeat, makeProbe, beat } = await setUp();
    await heartbeat.look();
    await beat();
    const probe = makeProbe();
    await attempt(probe);
    await rm(file);
    await clock.advance(maxAgeMs);
    await attempt(probe);
    await clock.advance(1000);
    expect((await failureOf(attempt(probe))).message).toContain('no heartbeat for 31 s');
    expect((await failureOf(attempt(probe))).message).toContain('; the file does not exist');
  });

  it('counts whatever the time of the file says: clocks are set back and forth', async () => {
    const { clock, heartbeat, makeProbe, beat } = await setUp();
    await heartbeat.look();
    const probe = makeProbe();
    for (const year of [2030, 1999, 2050]) {
      await beat(new Date(Date.UTC(year, 0, 1)));
      await attempt(probe);
      await clock.advance(maxAgeMs + 1);
      expect((await failureOf(attempt(probe))).brief).toBe('no heartbeat for 30 s');
    }
  });

  it('is not missed at once by a check of the liveness', async () => {
    const { clock, heartbeat, makeProbe } = await setUp(true);
    await heartbeat.look();
    const probe = makeProbe();
    await clock.advance(maxAgeMs);
    await attempt(probe);
    await clock.advance(1);
    expect((await failureOf(attempt(probe))).brief).toBe('no heartbeat yet');
  });

  it('says that the file cannot be read', async () => {
    const { file, heartbeat, makeProbe } = await setUp();
    await writeFile(join(file, '..', '..', 'run'), '');
    await heartbeat.look();
    expect((await failureOf(attempt(makeProbe()))).message).toMatch(/; the file cannot be read: ENOTDIR/);
  });
});
