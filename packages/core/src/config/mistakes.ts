import type * as z from 'zod';
import type { Path, Report } from './issues.ts';
import { keysAt, type Meant, meantInstead } from './keys.ts';
import { subjectOf, valueAt } from './path.ts';
import { show } from './show.ts';
import { nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What was parsed, and where it stands in the config. */
export interface Parsed {
  readonly path: Path;
  readonly value: unknown;
  readonly schema: z.ZodType;
  /** The config's `secrets`. */
  readonly secrets: readonly string[];
}

/** Says an unknown key at `path` in its own way; `known` are the keys that would do there. */
export type UnknownKey = (path: Path, key: string, known: readonly string[]) => void;

/** Puts the mistakes that a schema found into sentences for people. */
export function reportMistakes(
  issues: readonly Issue[],
  parsed: Parsed,
  report: Report,
  unknownKey: UnknownKey = (path, key, known) => reportUnknownKey(path, key, meantInstead(key, known), report),
): void {
  for (const issue of issues) {
    const path = [...parsed.path, ...issue.path];
    const branch = issue.code === 'invalid_union' ? meantBranch(issue) : undefined;
    if (branch !== undefined) {
      const inner = branch.map((found) => ({ ...found, path: [...issue.path, ...found.path] }));
      reportMistakes(inner, parsed, report, unknownKey);
    } else if (issue.code === 'unrecognized_keys') {
      const known = keysAt(parsed.schema, issue.path);
      for (const key of issue.keys) unknownKey(path, key, known);
    } else if (issue.code === 'invalid_key') {
      const why = issue.issues[0]?.message ?? 'is not allowed';
      report(path, `${subjectOf(path.slice(0, -1))}: ${show(path.at(-1))} ${why}.`, { at: 'key' });
    } else {
      reportValue(issue, parsed, report);
    }
  }
}

export function reportUnknownKey(path: Path, key: string, meant: Meant, report: Report): void {
  report([...path, key], `${subjectOf(path)} has an unknown key ${JSON.stringify(key)}.`, { ...meant, at: 'key' });
}

function reportValue(issue: Issue, { path: base, value: whole, secrets }: Parsed, report: Report): void {
  const path = [...base, ...issue.path];
  const value = valueAt(whole, issue.path);
  const isOwn = issue.code === 'custom' && !expects.test(issue.message);
  if (value === undefined && path.length > 0 && !isOwn) {
    report(path, `${subjectOf(path)} is missing.`, { at: 'around' });
    return;
  }
  const shown = show(value, { path, secrets });
  const told = issue.code === 'custom' && typeof issue.params?.hint === 'string' ? issue.params.hint : undefined;
  if (isOwn) {
    const at = value === undefined ? 'around' : 'value';
    report(path, `${subjectOf(path)}: ${issue.message.replace(/\.$/, '')}.`, { hint: told, at, value: shown });
    return;
  }
  report(path, `${subjectOf(path)} is ${shown}, ${expectation(issue)}.`, {
    hint: (typeof value === 'string' ? hintFor(value, shown, issue) : undefined) ?? told,
    value: shown,
  });
}

/** @param shown differs from the value when that is a secret */
function hintFor(value: string, shown: string, issue: Issue): string | undefined {
  const guess = nearest(value, valuesOf(issue));
  if (guess !== undefined) return `Did you mean ${JSON.stringify(guess)}?`;
  const kind = /^\d+$/.test(value) ? ['number', 'int'] : /^(?:true|false)$/.test(value) ? ['boolean'] : [];
  const isMeant = shown === JSON.stringify(value) && kindsOf(issue).some((expected) => kind.includes(expected));
  return isMeant ? `Write ${value} without quotes.` : undefined;
}

/** The types that would have done, of a union those of all its branches. */
function kindsOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  return issue.code === 'invalid_union' ? issue.errors.flatMap((branch) => branch.flatMap(kindsOf)) : [];
}

/** The values that would have done, of a union those of all its branches. */
function valuesOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' ? issue.errors.flatMap((branch) => branch.flatMap(valuesOf)) : [];
}

/** The branch of a union whose kind of value was given, though something inside it is wrong. */
function meantBranch(issue: Issue & { code: 'invalid_union' }): readonly Issue[] | undefined {
  const inside = (found: Issue) => found.path.length > 0 || found.code === 'unrecognized_keys';
  return issue.errors.filter((branch) => branch.some(inside)).sort((a, b) => a.length - b.length)[0];
}

/** A message that goes on where "x is 5," ends; core's own schemas write theirs so. */
const expects = /^expected /;

function expectation(issue: Issue): string {
  if (expects.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return `expected ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${oneOf(issue.values)}`;
  if (issue.code === 'invalid_union') {
    // Several branches may take the same kind of value.
    const alternatives = [...new Set(alternativesOf(issue))];
    return alternatives.length === 0 ? 'which does not fit' : `expected ${alternatives.join(' or ')}`;
  }
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1).replace(/\.$/, '');
}

/** What each branch of a union would take, such as `a text`. */
function alternativesOf(issue: Issue & { code: 'invalid_union' }): readonly string[] {
  return issue.errors.flatMap(([first]) => {
    if (first === undefined) return [];
    const isOpen = first.code === 'invalid_union' && !expects.test(first.message);
    return isOpen ? alternativesOf(first) : [expectation(first).replace(expects, '')];
  });
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

function oneOf(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map((value) => show(value));
  const last = shown.pop();
  if (values.length > 8) return `one of ${shown.join(', ')}, ${last} and others`;
  return shown.length === 0 ? String(last) : `${shown.join(', ')} or ${last}`;
}
