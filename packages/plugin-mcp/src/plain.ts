import { stripVTControlCharacters } from 'node:util';

const maxLength = 400;

/** A value for a model: strings without terminal escapes and cut at 400 characters, at any depth. */
export function plain<T>(value: T): T;
export function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function plainText(text: string): string {
  const stripped = stripVTControlCharacters(text);
  if (stripped.length <= maxLength) return stripped;
  // A cut through a surrogate pair would leave half a character, which strict JSON parsers refuse.
  return `${stripped.slice(0, maxLength - 1).toWellFormed()}…`;
}
