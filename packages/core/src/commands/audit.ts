import type { Redactor } from '../secrets/redactor.ts';

/** Longer texts are cut, and lists and objects of more items; deeper ones are left out. */
const most = { characters: 200, items: 20, depth: 4 };

/** What a command was given, as it is to be put on record: bounded, and without what stands under the name of a secret. */
export function auditedInput(input: unknown, redactor: Redactor): Readonly<Record<string, unknown>> {
  // By value secrets are hidden in every event; what is cut off is not worth being searched for them.
  return isRecord(input) ? (redactor.hideNamed(bounded(input, 0)) as Record<string, unknown>) : {};
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return value.length <= most.characters ? value : `${value.slice(0, most.characters).toWellFormed()}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === most.depth) return '…';
  if (Array.isArray(value)) return value.slice(0, most.items).map((item) => bounded(item, depth + 1));
  const entries = Object.entries(value).slice(0, most.items);
  return Object.fromEntries(entries.map(([key, item]) => [key, bounded(item, depth + 1)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
