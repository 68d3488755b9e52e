import leven from 'leven';

/** The candidate that `word` is most likely a misspelling of; undefined when none is close. Ignores case, `-` and `_`. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const known = plain(candidate);
    const distance = sameLetters(wanted, known) ? Math.min(1, leven(wanted, known)) : leven(wanted, known);
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if (distance > limit || distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best ?? containing(wanted, candidates);
}

/** `TERM` for `SIGTERM`, `log` for `logs`. */
function containing(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length < 3) return undefined;
  for (const candidate of candidates) if (plain(candidate).includes(wanted)) return candidate;
  return undefined;
}

/** Swapped letters are one slip of the fingers, though leven counts them as two edits. */
function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '');
}
