import type { SchemaIssue } from './fields.ts';
import type { HttpMeans } from './means.ts';

type Test = NonNullable<HttpMeans['json']>;

export interface Mismatch {
  /** Such as `status "starting"` or `checks.db missing`. */
  readonly found: string;
  /** Such as `expected "healthy"`. */
  readonly expected: string;
}

const longestValue = 80;

/** What in a JSON value is not as it must be; undefined when all is. */
export async function mismatchIn(value: unknown, test: Test): Promise<Mismatch | undefined> {
  if ('like' in test) return unlike(value, test.like, []);
  const { issues = [] } = await test.schema['~standard'].validate(value);
  const issue = issues[0];
  if (issue === undefined) return undefined;
  const path = pathOf(issue);
  return { found: describe(path, valueAt(value, path)), expected: issue.message };
}

/** Given keys must match, others are free; lists must be as long, item by item. */
function unlike(value: unknown, like: unknown, path: readonly PropertyKey[]): Mismatch | undefined {
  const mismatch = { found: describe(path, value), expected: `expected ${show(like)}` };
  if (Array.isArray(like)) {
    if (!Array.isArray(value) || value.length !== like.length) return mismatch;
  } else if (typeof like === 'object' && like !== null) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch;
  } else {
    return value === like ? undefined : mismatch;
  }
  for (const [key, item] of Object.entries(like)) {
    const step = Array.isArray(like) ? Number(key) : key;
    const inner = unlike(Object.hasOwn(value, key) ? (value as Tree)[key] : undefined, item, [...path, step]);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

type Tree = Readonly<Record<PropertyKey, unknown>>;

function pathOf({ path = [] }: SchemaIssue): readonly PropertyKey[] {
  return path.map((step) => (typeof step === 'object' ? step.key : step));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Tree)[key] : undefined),
    value,
  );
}

function describe(path: readonly PropertyKey[], value: unknown): string {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`;
    return before === '' ? String(step) : `${before}.${String(step)}`;
  }, '');
  return `${text} ${value === undefined ? 'missing' : show(value)}`.trim();
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
