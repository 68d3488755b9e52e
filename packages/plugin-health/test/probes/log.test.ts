import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { LogProbe, LogWatch } from '../../src/probes/log.ts';
import type { LogMeans } from '../../src/probes/means.ts';
import type { Subject } from '../../src/probes/probe.ts';
import { attempt, failureOf, never, subjectOf } from './subject.ts';

/** The output of one process, as the service tells it. */
class Output {
  readonly #lines: string[] = [];
  #news = Promise.withResolvers<void>();
  waiting = 0;
  asked = 0;

  readonly service: Subject['output'] = {
    waitFor: async (_, pattern, { signal, after = 0 }) => {
      this.waiting++;
      this.asked++;
      try {
        for (;;) {
          signal.throwIfAborted();
          const seq = this.#lines.findIndex((text, index) => index >= after && text.includes(String(pattern))) + 1;
          if (seq > 0) return { text: this.#lines[seq - 1] ?? '', seq, cursor: this.#lines.length };
          const off = Promise.withResolvers<never>();
          signal.addEventListener('abort', () => off.reject(signal.reason), { once: true });
          await Promise.race([this.#news.promise, off.promise]);
        }
      } finally {
        this.waiting--;
      }
    },
  };

  write(text: string): void {
    this.#lines.push(text);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

function setUp(means: LogMeans, isLenient = false) {
  const clock = new VirtualClock();
  const output = new Output();
  const subject = subjectOf({ clock, output: output.service });
  const watch = new LogWatch(means, subject);
  return { clock, output, watch, probe: new LogProbe(means, subject, watch, isLenient) };
}

describe('log', () => {
  it('waits for the line as long as the timeout lasts', async () => {
    const { clock, output, probe } = setUp({ kind: 'log', pattern: 'ready' });
    const first = failureOf(attempt(probe, 2000));
    output.write('starting');
    await clock.advance(2000);
    expect((await first).message).toBe('no line with "ready" yet');
    const second = attempt(probe, 2000);
    output.write('ready to serve');
    await second;
  });

  it('is good for ever after the line', async () => {
    const { clock, output, watch, probe } = setUp({ kind: 'log', pattern: 'ready' });
    output.write('ready');
    await attempt(probe);
    await clock.advance(1e9);
    await attempt(probe);
    // Nobody waits any more.
    expect(output.waiting).toBe(0);
    watch[Symbol.dispose]();
  });

  it('is good as long as the newest line is young enough', async () => {
    const { clock, output, probe } = setUp({ kind: 'log', pattern: 'tick', withinMs: 30_000 });
    output.write('tick');
    await clock.advance(20_000);
    output.write('tick');
    await clock.advance(30_000);
    await attempt(probe);
    await clock.advance(1000);
    const failure = await failureOf(attempt(probe));
    expect(failure.message).toBe('no line with "tick" for 31 s, expected one every 30 s');
    expect(failure.brief).toBe('no line for 31 s');
    output.write('tick');
    await clock.advance(0);
    await attempt(probe);
  });

  it('takes the newest of many lines', async () => {
    const { clock, output, probe } = setUp({ kind: 'log', pattern: 'tick', withinMs: 1000 });
    for (let line = 0; line < 100; line++) {
      output.write('tick');
      await clock.advance(100);
    }
    await attempt(probe);
    await clock.advance(1001);
    await failureOf(attempt(probe));
  });

  it('asks for no more than ten lines a second, however many match', async () => {
    const { clock, output, probe } = setUp({ kind: 'log', pattern: 'tick', withinMs: 1000 });
    for (let second = 0; second < 10; second++) {
      for (let line = 0; line < 1000; line++) output.write('tick');
      await clock.advance(1000);
    }
    expect(output.asked).toBeLessThanOrEqual(100);
    await attempt(probe);
  });

  it('is not missed at once by a check of the liveness', async () => {
    const { clock, probe } = setUp({ kind: 'log', pattern: 'tick', withinMs: 30_000 }, true);
    await clock.advance(30_000);
    await attempt(probe);
    await clock.advance(1);
    const failing = failureOf(attempt(probe, 2000));
    await clock.advance(2000);
    expect((await failing).brief).toBe('no such line yet');
  });

  it('does not wait any longer when it is called off, and reads no more at its end', async () => {
    const { clock, output, watch, probe } = setUp({ kind: 'log', pattern: 'tick', withinMs: 1000 });
    const off = new AbortController();
    const asked = attempt(probe, 2000, off.signal);
    off.abort(new Error('called off'));
    await expect(asked).rejects.toThrow('called off');
    expect(output.waiting).toBe(1);
    watch[Symbol.dispose]();
    await clock.advance(0);
    expect(output.waiting).toBe(0);
  });

  it('tells why nothing can be read', async () => {
    const clock = new VirtualClock();
    const service = { waitFor: () => Promise.reject(new Error('there is no process "web"')) };
    const means: LogMeans = { kind: 'log', pattern: 'tick' };
    const subject = subjectOf({ clock, output: service });
    const probe = new LogProbe(means, subject, new LogWatch(means, subject), false);
    await clock.advance(0);
    await expect(attempt(probe, 2000, never)).rejects.toThrow('there is no process "web"');
  });
});
