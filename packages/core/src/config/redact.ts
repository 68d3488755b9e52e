import { isSecretName } from '../secrets/names.ts';
import { isPlainObject } from './path.ts';

/** What stands where a secret was. */
const hidden = '[secret]';

/** Shorter ones occur in other words by chance; they are found by their names. */
const shortest = 4;

const assignment = /([A-Za-z_][\w.-]*)["'`]?\]?\s*[:=]\s*(?=\S)/g;

/**
 * Hides in a text what is assigned to the name of a secret, to the end of the line: rather too much than too little.
 * `value` is what the text was parsed to, if it could be: secrets in it are found wherever they stand.
 */
export function redactText(text: string, marks: readonly string[], value?: unknown): string {
  const known = secretsIn(value, marks, false);
  const lines = text.split('\n').map((line) => {
    const bare = line.trim();
    if (bare.length >= shortest && known.some((secret) => secret.includes(bare))) return line.replace(bare, hidden);
    const kept = known.reduce((left, secret) => left.replaceAll(secret, hidden), line);
    for (const found of kept.matchAll(assignment)) {
      const end = found.index + found[0].length;
      // What is opened here goes on in the next lines, and is found by its value.
      if (isSecretName(found[1] ?? '', marks) && !/^[{[(|>]-?\s*$/.test(kept.slice(end))) {
        return `${kept.slice(0, end)}${hidden}`;
      }
    }
    return kept;
  });
  return lines.join('\n');
}

function secretsIn(value: unknown, marks: readonly string[], isSecret: boolean): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    return isSecret && text.length >= shortest ? [text] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, marks, isSecret));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    // A process of such a name is none: only single values are.
    const isNamed = isSecretName(key, marks) && !(isPlainObject(item) && 'command' in item);
    return secretsIn(item, marks, isSecret || isNamed);
  });
}
