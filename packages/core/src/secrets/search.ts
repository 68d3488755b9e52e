/** What stands in the place of a secret. */
export const marker: Buffer = Buffer.from('[secret]');

/** What is searched for. */
export interface Secrets {
  readonly all: readonly Buffer[];
  /** By their first byte. */
  readonly beginningWith: readonly (readonly Buffer[] | undefined)[];
}

export interface Searched {
  /** What comes before that, each secret replaced. */
  readonly clean: Buffer;
  /** The end of the data, when it may be the beginning of a secret. */
  readonly held: Buffer;
}

/** Calls into native code cost more than a look at each of so many bytes. */
const shortData = 2048;
const none: readonly Buffer[] = [];

export function indexSecrets(texts: Iterable<string>): Secrets {
  const all = Array.from(texts, (text) => Buffer.from(text));
  return { all, beginningWith: Array.from({ length: 256 }, (_, byte) => beginning(all, byte)) };
}

function beginning(all: readonly Buffer[], byte: number): readonly Buffer[] | undefined {
  const some = all.filter(([first]) => first === byte);
  return some.length === 0 ? undefined : some;
}

/**
 * Replaces each of `secrets`, from left to right, of several that begin at one place the longest. The same bytes give the
 * same result however they are divided, if what is held is put before what follows.
 *
 * @param ended nothing follows: nothing is held
 */
export function replaceSecrets(data: Buffer, secrets: Secrets, ended: boolean): Searched {
  if (data.length < shortData && !mayHold(data, secrets)) return { clean: data, held: data.subarray(data.length) };
  const { all } = secrets;
  const next = all.map((secret) => data.indexOf(secret));
  const pieces: Buffer[] = [];
  let at = 0;
  let hold = ended ? data.length : beginningOf(all, data, 0);
  for (;;) {
    let start = data.length;
    let end = start;
    for (const [index, secret] of all.entries()) {
      let found = next[index] ?? -1;
      if (found >= 0 && found < at) {
        found = data.indexOf(secret, at);
        next[index] = found;
      }
      if (found < 0 || found > start) continue;
      end = found === start ? Math.max(end, found + secret.length) : found + secret.length;
      start = found;
    }
    if (start >= hold) break;
    pieces.push(data.subarray(at, start), marker);
    at = end;
    if (hold < at) hold = beginningOf(all, data, at);
  }
  const rest = data.subarray(at, hold);
  return { clean: pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]), held: data.subarray(hold) };
}

/** Whether a secret is in the data, whole or, at the end, in part. */
function mayHold(data: Buffer, { beginningWith }: Secrets): boolean {
  for (let start = 0; start < data.length; start += 1) {
    for (const secret of beginningWith[data[start] ?? 0] ?? none) {
      let at = 1;
      while (at < secret.length && start + at < data.length && data[start + at] === secret[at]) at += 1;
      if (at === secret.length || start + at === data.length) return true;
    }
  }
  return false;
}

/** The first place, from `from` on, at which a secret may begin whose end has not come yet; the end when there is none. */
function beginningOf(all: readonly Buffer[], data: Buffer, from: number): number {
  let first = data.length;
  for (const secret of all) {
    const initial = secret[0] ?? 0;
    let start = data.indexOf(initial, Math.max(from, data.length - secret.length + 1));
    while (start >= 0 && start < first) {
      if (data.compare(secret, 0, data.length - start, start) === 0) first = start;
      else start = data.indexOf(initial, start + 1);
    }
  }
  return first;
}
