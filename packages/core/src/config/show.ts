import type { ConfigPath } from '../contract/config-source.ts';
import { isSecretName } from '../secrets/names.ts';
import { showable } from './print.ts';

const hidden = '[secret]';

/** A longer value is cut. */
const longest = 60;

export interface Shown {
  /** Where it stands in the config: the keys say whether it is secret. */
  readonly path?: ConfigPath;
  /** The config's `secrets`. */
  readonly secrets?: readonly string[];
}

/** A value as it can stand in a message: one line, not too long, without secrets. */
export function show(value: unknown, { path = [], secrets = [] }: Shown = {}): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol' || Number.isNaN(value)) return String(value);
  const isSecret = (name: string): boolean => isSecretName(name, secrets);
  // Of an environment written as a list of texts.
  const redact = (text: string): string =>
    text.replace(/^(\w+)=.*$/s, (pair, name: string) => (isSecret(name) ? `${name}=[secret]` : pair));
  let text: string;
  try {
    const shown = showable(value, path, isSecret, redact);
    text = shown === hidden || value instanceof RegExp ? String(shown) : (JSON.stringify(shown) ?? String(value));
  } catch {
    // A getter or a toJSON that throws.
    return 'an object';
  }
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The strings of a list that may be anything. */
export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
