import type { OutputLine } from '../contract/process.ts';
import { plainText } from './text.ts';

/**
 * The lines that matter for a failure, in order: those of its evidence, and those nearest to them. The newest ones when none
 * of them is evidence.
 *
 * @param most how many lines at most
 */
export function excerpt(
  lines: readonly OutputLine[],
  evidence: readonly string[],
  most: number,
): readonly OutputLine[] {
  const written = lines.filter(({ text }) => text.trim() !== '');
  const telling = findEvidence(written, evidence).slice(-most);
  if (telling.length === 0) return written.slice(-most);
  const distance = (index: number): number => Math.min(...telling.map((one) => Math.abs(one - index)));
  const nearest = written
    .map((_, index) => ({ index, far: distance(index) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ index }) => index);
  return nearest.toSorted((a, b) => a - b).flatMap((index) => written[index] ?? []);
}

/** Where each line of the evidence was written last, in order of the lines. */
function findEvidence(lines: readonly OutputLine[], evidence: readonly string[]): readonly number[] {
  const texts = lines.map(({ text }) => plainText(text));
  const found = evidence.map((line) => texts.findLastIndex((text) => line.trim() !== '' && text.endsWith(line.trim())));
  return [...new Set(found)].filter((index) => index >= 0).toSorted((a, b) => a - b);
}
