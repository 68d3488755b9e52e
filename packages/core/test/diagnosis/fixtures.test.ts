import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Cause, OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

/** A failure as it was recorded; `record.md` tells how. */
interface Recording {
  /** What was wrong on purpose. */
  readonly made: string;
  readonly command: string;
  /** What the process was told to listen on. */
  readonly port?: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Each line after the name of its stream. */
  readonly output: readonly string[];
  /** Null for what must not be given a cause by its output. */
  readonly expected: Cause | null;
}

const folder = join(import.meta.dirname, 'fixtures');
const recordings = readdirSync(folder).map((file): [string, Recording] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording,
]);

function written(output: readonly string[]): readonly OutputLine[] {
  return output.map((line, index) => ({
    ...{ seq: index + 1, at: index, name: 'web', generation: 1 },
    stream: line.startsWith('err ') ? 'err' : 'out',
    text: line.slice(4),
  }));
}

function endOf({ code, signal }: Recording): { code: number | null; signal: string | undefined } {
  const fromShell = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return { code, signal: signal ?? fromShell };
}

test.each(recordings)('%s', (_, recording) => {
  const { output, port, expected } = recording;
  const cause = diagnose(written(output), endOf(recording), { folder: '/app', port });
  expect(cause ?? null).toEqual(expected);
});

test.each(recordings)('the evidence of %s is what was written', (_, { output, expected }) => {
  const texts = output.map((line) => stripVTControlCharacters(line.slice(4)).trimEnd());
  for (const line of expected?.evidence ?? []) expect(texts.some((text) => text.includes(line))).toBe(true);
  expect(expected?.evidence.length ?? 1).toBeGreaterThan(0);
  expect(expected?.evidence.length ?? 1).toBeLessThanOrEqual(8);
});

test('colours, carriage returns and text of other streams in between change nothing', () => {
  for (const [name, recording] of recordings) {
    const noisy = recording.output.flatMap((line) => {
      const stream = line.startsWith('err ') ? 'out' : 'err';
      return [
        `${line.slice(0, 4)}\u001B[31m${line.slice(4)}\u001B[0m\r`,
        ...(recording.expected === null ? [] : [`${stream} `]),
      ];
    });
    const cause = diagnose(written(noisy), endOf(recording), { folder: '/app', port: recording.port });
    expect(cause?.message ?? null, name).toBe(recording.expected?.message ?? null);
  }
});
