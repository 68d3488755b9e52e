import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import type { NotifyMeans, ProbeKind } from '../../src/probes/means.ts';
import { hear, isNews, nothingSaid, type Said } from '../../src/probes/notified.ts';
import { NotifyProbe } from '../../src/probes/notify.ts';
import { failureOf } from './subject.ts';

const after = (...messages: string[]): Said => messages.reduce((said, text) => hear(said, text, 1000), nothingSaid);

describe('what is heard', () => {
  it.each([
    [['READY=1'], { isReady: true }],
    [['READY=0', 'READY=1 ', 'ready=1', 'X=READY=1', ''], { isReady: false }],
    [['READY=1', 'RELOADING=1\nMONOTONIC_USEC=5'], { isReady: false, busy: 'reloading' }],
    [['READY=1', 'RELOADING=1', 'READY=1'], { isReady: true, busy: undefined }],
    [['READY=1', 'STOPPING=1'], { isReady: false, busy: 'stopping' }],
    [['MAINPID=4\nSTATUS=Loading 3 of 5\nREADY=1'], { isReady: true, status: 'Loading 3 of 5' }],
    [['STATUS=a\tb\x1b[31m  '], { status: 'a b [31m' }],
    [['STATUS=a', 'STATUS='], { status: undefined }],
    [['WATCHDOG=1'], { aliveAt: 1000 }],
    [['WATCHDOG=trigger', 'WATCHDOG=1'], { isBroken: true }],
    [['FDSTORE=1\nFDNAME=x\nBARRIER=1\nERRNO=2'], {}],
  ] as const)('%j', (messages, expected) => {
    expect(after(...messages)).toEqual({ ...nothingSaid, ...after(...messages), ...expected });
  });

  it.each([
    ['READY=1', true],
    ['STATUS=x', true],
    ['WATCHDOG=trigger', true],
    ['WATCHDOG=1', false],
    ['MAINPID=4', false],
  ])('%s is news: %s', (message, expected) => {
    expect(isNews(nothingSaid, after(message))).toBe(expected);
  });

  it('is not too long to be shown', () => {
    expect(after(`STATUS=${'x'.repeat(5000)}`).status).toHaveLength(200);
  });
});

describe('probe', () => {
  const systemd: NotifyMeans = { kind: 'notify', by: 'systemd' };
  const setUp = (kind: ProbeKind, means = systemd) => {
    const clock = new VirtualClock();
    const inbox = { said: nothingSaid, onChange: () => ({ [Symbol.dispose]() {} }) };
    const say = (text: string): void => {
      inbox.said = hear(inbox.said, text, clock.now());
    };
    return { clock, say, probe: new NotifyProbe(means, kind, inbox, clock) };
  };

  it.each(['startup', 'readiness'] as const)('of the %s follows what the process says', async (kind) => {
    const { probe, say } = setUp(kind);
    expect((await failureOf(probe.attempt())).message).toBe('no READY=1 yet');
    say('STATUS=Loading');
    expect((await failureOf(probe.attempt())).message).toBe('no READY=1 yet: Loading');
    say('READY=1');
    await probe.attempt();
    say('RELOADING=1\nSTATUS=New settings');
    expect((await failureOf(probe.attempt())).message).toBe('it says that it is reloading: New settings');
    expect(probe.told).toBe('New settings');
    say('READY=1');
    await probe.attempt();
    say('STOPPING=1');
    expect((await failureOf(probe.attempt())).brief).toBe('it says that it is stopping');
  });

  it('names the descriptor', async () => {
    const { probe } = setUp('startup', { kind: 'notify', by: 7 });
    expect((await failureOf(probe.attempt())).message).toBe('no line on descriptor 7 yet');
  });

  it('of the liveness wants a sign of life within 30 s, the first one counted from its own start', async () => {
    const { clock, probe, say } = setUp('liveness');
    await clock.advance(30_000);
    await probe.attempt();
    await clock.advance(1000);
    const failure = await failureOf(probe.attempt());
    expect(failure.message).toBe('no WATCHDOG=1 for 31 s, expected every 30 s');
    expect(failure.isFinal).toBe(false);
    say('WATCHDOG=1');
    await probe.attempt();
    await clock.advance(30_001);
    await failureOf(probe.attempt());
  });

  it('of the liveness takes another age', async () => {
    const { clock, probe } = setUp('liveness', { ...systemd, maxAgeMs: 5000 });
    await clock.advance(5001);
    expect((await failureOf(probe.attempt())).message).toContain('expected every 5 s');
  });

  it('of the liveness ends at once when the process says that it is broken', async () => {
    const { probe, say } = setUp('liveness');
    say('WATCHDOG=1');
    say('WATCHDOG=trigger');
    const failure = await failureOf(probe.attempt());
    expect(failure.brief).toBe('WATCHDOG=trigger');
    expect(failure.isFinal).toBe(true);
  });
});
