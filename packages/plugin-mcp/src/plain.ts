import { stripVTControlCharacters } from 'node:util';
import type { PublicError } from '@promptbin/core/views';

const maxLength = 400;
/** What an error repeats of a name that it does not know, characters. */
export const maxEcho = 400;
/** Of an error: the mistakes of a config are told all at once, each with its lines. Characters. */
const maxErrorLength = 4000;
/** What clients take without cutting it themselves, bytes. */
const maxBytes = 40_000;

/** A value for a model: strings without terminal escapes and cut at 400 characters, at any depth. */
export function plain<T>(value: T): T {
  return withStrings(value, (text) => cut(stripped(text), maxLength));
}

/** The same for an error: each line is cut, and all of them together only at 4000 characters. */
export function plainError({ code, message, hint }: PublicError): PublicError {
  const lines = (text: string): string =>
    cut(
      stripped(text)
        .split('\n')
        .map((line) => cut(line, maxLength))
        .join('\n'),
      maxErrorLength,
    );
  return { code, message: lines(message), ...(hint === undefined ? {} : { hint: lines(hint) }) };
}

/** The same for what a plugin answers: it is not cut unless it is large, for it was asked for as it is. */
export function plainUnlessLarge<T>(value: T): T {
  const whole = uncut(value);
  return Buffer.byteLength(JSON.stringify(whole) ?? '') > maxBytes ? plain(value) : whole;
}

/** Without terminal escapes, and never cut. */
export function uncut<T>(value: T): T {
  return withStrings(value, stripped);
}

export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // A cut through a surrogate pair would leave half a character, which strict JSON parsers refuse.
  return `${text.slice(0, length - 1).toWellFormed()}…`;
}

const stripped = (text: string): string => stripVTControlCharacters(text);

function withStrings<T>(value: T, change: (text: string) => string): T;
function withStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  // A date, as it goes over every wire.
  if ('toJSON' in value && typeof value.toJSON === 'function') return withStrings(value.toJSON(), change);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withStrings(item, change)]));
}
