import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.ts';

const means = { probe: 'liveness', means: 'http', outcome: 'passed' };

async function countsOf(recorder: Recorder): Promise<Readonly<Record<string, number>>> {
  const samples = await (await recorder.registry()).samples();
  return Object.fromEntries(
    samples
      .filter(({ name }) => name.endsWith('_count') || name.endsWith('_total'))
      .map(({ name, labels, value }) => [`${name} ${labels.process}`, value]),
  );
}

describe('what is taken down', () => {
  it('before anybody asks and after is counted alike', async () => {
    const recorder = new Recorder();
    const take = (): void => {
      recorder.count('promptbin_process_exits_total', { process: 'web', cause: 'exited' });
      recorder.observe('promptbin_probe_duration_seconds', { process: 'web', ...means }, 0.5);
    };
    take();
    const expected = (count: number) => ({
      'promptbin_process_exits_total web': count,
      'promptbin_probe_duration_seconds_count web': count,
    });
    expect(await countsOf(recorder)).toEqual(expected(1));
    take();
    expect(await countsOf(recorder)).toEqual(expected(2));
  });

  it('is not lost when it is more than is kept', async () => {
    const recorder = new Recorder();
    for (let index = 0; index < 2500; index++) {
      recorder.observe('promptbin_probe_duration_seconds', { process: 'web', ...means }, 0.5);
      if (index === 1500) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await countsOf(recorder)).toEqual({ 'promptbin_probe_duration_seconds_count web': 2500 });
  });

  it('of a process that is forgotten is gone, before anybody asks and after', async () => {
    const recorder = new Recorder();
    const take = (process: string): void => {
      recorder.count('promptbin_process_exits_total', { process, cause: 'exited' });
      recorder.observe('promptbin_process_start_duration_seconds', { process }, 1);
    };
    for (const process of ['web', 'other']) take(process);
    recorder.forget('web');
    const left = {
      'promptbin_process_exits_total other': 1,
      'promptbin_process_start_duration_seconds_count other': 1,
    };
    expect(await countsOf(recorder)).toEqual(left);
    take('web');
    recorder.forget('web');
    expect(await countsOf(recorder)).toEqual(left);
  });
});

it('the library is loaded when somebody asks, and not for a manager that only runs', async () => {
  const program = fileURLToPath(new URL('../fixtures/loaded.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(JSON.parse(stdout)).toEqual({ running: false, asked: true });
});
