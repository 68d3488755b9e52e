import type { ConfigPath } from '../contract/config-source.ts';

/** `processes.web.command[0]`; a key that is no plain word stands in brackets. */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}

/** The path as the subject of a sentence. */
export function subjectOf(path: ConfigPath): string {
  return path.length === 0 ? 'The config' : formatPath(path);
}

/** What stands at `path` in `value`; undefined when nothing does. */
export function valueAt(value: unknown, path: ConfigPath): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return found;
}

/** What braces write: no list, no RegExp, no instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
