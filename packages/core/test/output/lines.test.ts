import { expect, test } from 'vitest';
import { longestLineBytes } from '../../src/output/lines.ts';
import { LineSplitter } from '../../src/output/splitter.ts';

/** The lines of `content` when it comes in chunks of these lengths, over and over. */
function linesOf(content: Uint8Array, ...lengths: number[]): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let start = 0, i = 0; start < content.length; i += 1) {
    const length = lengths[i % lengths.length] ?? content.length;
    lines.push(...splitter.push(content.subarray(start, start + length), true).texts);
    start += length;
  }
  if (splitter.hasPartial) lines.push(`${splitter.partialWith(Buffer.alloc(0))}<partial>`);
  return lines;
}

test.each([1, 2, 3, 5, 1000])('lines, line breaks of both kinds and UTF-8 survive chunks of %i bytes', (length) => {
  const content = Buffer.from('one\r\n\ntwo\rtwo\n日本語 🦊\r\r\nä');
  expect(linesOf(content, length)).toEqual(['one', '', 'two\rtwo', '日本語 🦊\r', 'ä<partial>']);
});

test('what is not UTF-8 becomes U+FFFD and harms nothing around it', () => {
  const content = Buffer.concat([Buffer.from('a'), Buffer.from([0xff, 0xc3]), Buffer.from('b\nc\n')]);
  for (const length of [1, 2, 100]) expect(linesOf(content, length)).toEqual(['a\ufffd\ufffdb', 'c']);
});

test('a line of exactly the longest length is one line', () => {
  const line = 'x'.repeat(longestLineBytes);
  expect(linesOf(Buffer.from(`${line}\nnext\n`), 1000)).toEqual([line, 'next']);
});

test('a longer line is cut into pieces, nothing lost', () => {
  const line = 'x'.repeat(2.5 * longestLineBytes);
  for (const length of [100, 16_384, 16_385, 100_000]) {
    const lines = linesOf(Buffer.from(`${line}\nnext\n`), length);
    expect(lines.map((piece) => piece.length)).toEqual([longestLineBytes, longestLineBytes, longestLineBytes / 2, 4]);
    expect(lines.slice(0, 3).join('')).toBe(line);
  }
});

test('a cut is never inside a character', () => {
  // One byte in front moves every character boundary away from the cut.
  const line = `x${'🦊'.repeat(longestLineBytes / 2)}`;
  for (const length of [1, 7, 4096, 100_000]) {
    const lines = linesOf(Buffer.from(`${line}\n`), length);
    expect(lines.join('')).toBe(line);
    expect(lines.length).toBe(2);
  }
});

test('bytes without any character boundary are cut all the same', () => {
  const content = Buffer.alloc(3 * longestLineBytes, 0x80);
  const whole = linesOf(content, content.length);
  expect(whole.length).toBe(3);
  expect(linesOf(content, 777)).toEqual(whole);
});

test('random bytes give the same lines in whatever chunks they come', () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const alphabet = [10, 13, 0x61, 0xc3, 0xa4, 0xf0, 0x9f, 0xa6, 0x8a];
  for (let round = 0; round < 20; round += 1) {
    const content = Uint8Array.from({ length: 60_000 }, (_, i) =>
      // Now and then a stretch without line breaks.
      i % 30_000 < 20_000 && round % 2 === 0 ? 0x8a : (alphabet[Math.floor(random() * alphabet.length)] ?? 0),
    );
    const whole = linesOf(content, content.length);
    expect(linesOf(content, ...Array.from({ length: 17 }, () => 1 + Math.floor(random() * 9000)))).toEqual(whole);
  }
});
