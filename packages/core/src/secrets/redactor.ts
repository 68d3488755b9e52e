import { hideNamed } from './hide-named.ts';
import { type SecretNames, secretNames } from './names.ts';
import { indexSecrets, marker, replaceSecrets, type Secrets } from './search.ts';
import { secretTexts } from './values.ts';

/** Of a secret that was cut off, so much may be shown, bytes. */
const longestHint = 3;

/** How many secrets that are none any more are still hidden. */
const mostRetired = 100;

/** Knows the values that must never be shown, and hides them wherever they stand. */
export class Redactor {
  readonly #sources = new Map<string, ReadonlySet<string>>();
  /** Oldest first. */
  readonly #retired = new Set<string>();
  #names: SecretNames = secretNames([]);
  #public: ReadonlySet<string> = new Set();
  #secrets: Secrets | undefined;

  /** Undefined while there is nothing to hide. */
  get secrets(): Secrets | undefined {
    return this.#secrets;
  }

  /** Takes the config's `secrets`, and texts that are no secret when they stand alone: names, by which things are found. */
  configure(marks: readonly string[], names: Iterable<string>): void {
    this.#names = secretNames(marks);
    this.#public = new Set(names);
  }

  /**
   * Takes the secrets out of an environment or of JSON. What was learned from the same source before stays hidden, unless
   * it now stands there in the open: who has changed a password may still hold the old one, and print it.
   */
  learn(source: string, value: unknown): void {
    const before = this.#sources.get(source) ?? [];
    this.#sources.set(source, secretTexts(value, this.#names));
    for (const text of before) this.#retired.add(text);
    for (const text of secretTexts(value, () => 'marked')) this.#retired.delete(text);
    for (const text of [...this.#retired].slice(0, -mostRetired)) this.#retired.delete(text);
    const texts = new Set([...this.#sources.values(), this.#retired].flatMap((learned) => [...learned]));
    // Else the marker would itself be replaced, again and again.
    if ([...texts].some((text) => marker.includes(text))) texts.add(marker.toString());
    this.#secrets = texts.size === 0 ? undefined : indexSecrets(texts);
  }

  redact(text: string): string {
    const secrets = this.#secrets;
    if (secrets === undefined) return text;
    const bytes = Buffer.from(text);
    const { clean } = replaceSecrets(bytes, secrets, true);
    const redacted = clean.equals(bytes) ? text : clean.toString();
    // What was shortened may end in the middle of a secret.
    return redacted.replaceAll(/[^…]+(?=…)/g, (part) => hideBeginning(part, secrets));
  }

  /** Redacts every text in objects and lists; the very same value when there is nothing to hide. */
  redactAll<T>(value: T): T {
    return this.#secrets === undefined ? value : (this.#redactPart(value, new Set()) as T);
  }

  /** Hides what stands under the name of a secret, whatever it is. */
  hideNamed(value: unknown): unknown {
    return hideNamed(value, this.#names);
  }

  #redactPart(part: unknown, around: ReadonlySet<unknown>): unknown {
    if (typeof part === 'string') return this.#redactText(part);
    if (typeof part !== 'object' || part === null || around.has(part)) return part;
    const inside = new Set([...around, part]);
    if (Array.isArray(part)) {
      const items: readonly unknown[] = part.map((item) => this.#redactPart(item, inside));
      return items.every((item, index) => item === part[index]) ? part : Object.freeze(items);
    }
    const entries = Object.entries(part);
    const clean = entries.map(([key, item]) => [this.#redactKey(key), this.#redactPart(item, inside)] as const);
    const same = clean.every(([key, item], index) => key === entries[index]?.[0] && item === entries[index]?.[1]);
    return same ? part : Object.freeze(Object.fromEntries(clean));
  }

  // A key that is a word is one of a type; a password may be the same word.
  #redactKey(key: string): string {
    return /^[a-z]+$/i.test(key) ? key : this.#redactText(key);
  }

  #redactText(text: string): string {
    return this.#public.has(text) ? text : this.redact(text);
  }
}

function hideBeginning(text: string, secrets: Secrets): string {
  const { held } = replaceSecrets(Buffer.from(text), secrets, false);
  return held.length > longestHint ? `${text.slice(0, -held.toString().length)}${marker}` : text;
}
