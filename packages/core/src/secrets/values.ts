import type { Secrecy, SecretNames } from './names.ts';

/** A shorter value is too likely to be a part of something else, such as a word. */
const shortest: Readonly<Record<Secrecy, number>> = { usual: 6, marked: 4 };
/** A shorter line of a value of several lines says little, and too much else looks like it. */
const shortestLine = 16;

/**
 * The texts in `value` that must not be shown: what stands under a secret name, at whatever depth, unless the same also
 * stands under a name that is not (`POSTGRES_USER=postgres`).
 */
export function secretTexts(value: unknown, names: SecretNames): ReadonlySet<string> {
  const hidden = new Map<string, Secrecy>();
  const open = new Set<string>();
  collect(value, undefined);
  const texts = [...hidden].flatMap(([text, secrecy]) => (open.has(text) ? [] : piecesOf(text, secrecy)));
  return new Set(texts.filter((text) => !open.has(text)));

  function collect(part: unknown, secrecy: Secrecy | undefined): void {
    if (typeof part === 'string' || typeof part === 'number') {
      if (secrecy === undefined) {
        open.add(String(part).trim());
        for (const password of passwordsIn(String(part))) hidden.set(password, 'usual');
      } else if (hidden.get(String(part).trim()) !== 'marked') hidden.set(String(part).trim(), secrecy);
    } else if (Array.isArray(part)) {
      for (const item of part) collect(item, secrecy);
    } else if (isPlain(part)) {
      for (const [name, item] of Object.entries(part)) collect(item, names(name) ?? secrecy);
    }
  }
}

/** Of a URL under whatever name, such as `DATABASE_URL`: as it stands there, and decoded. A plain word would hide too much else. */
function passwordsIn(text: string): readonly string[] {
  const [, password = ''] = /^\s*[a-z][\w+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(text) ?? [];
  if (/^[a-z]*$/i.test(password) || text.replace(`:${password}@`, '').includes(password)) return [];
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The whole, and its lines: who prints a key line by line may put something in between. */
function piecesOf(text: string, secrecy: Secrecy): readonly string[] {
  if (text.length < shortest[secrecy]) return [];
  // Env files often hold a line break as a backslash and an n.
  const lines = text.split(/\r?\n|\\n/).map((line) => line.trim());
  // The first and last line of a PEM file are the same in all of them.
  const telling = lines.filter((line) => line.length >= shortestLine && !/^-----.+-----$/.test(line));
  return lines.length === 1 ? [text] : [text, ...telling];
}

/** What a config or JSON is made of; an object of a class may be endless. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
