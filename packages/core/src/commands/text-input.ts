import type { CommandInfo } from '../contract/commands.ts';

/** What of a JSON Schema tells how text is to be read. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly items?: Schema;
}

/**
 * The input of a command from text, such as `id=7` on a command line or a variable in a URI. Each field is read as its
 * schema says, and a list takes the field as often as it is given. What cannot be read so stays text: it is for the
 * command to refuse it.
 */
export function inputFromText(
  schema: CommandInfo['input'],
  given: readonly (readonly [field: string, text: string])[],
): Readonly<Record<string, unknown>> {
  const fields = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const texts = Map.groupBy(given, ([field]) => field);
  return Object.fromEntries(
    [...texts].map(([field, pairs]) => {
      const own = Object.hasOwn(fields, field) ? (fields[field] ?? {}) : {};
      const values = pairs.map(([, text]) => valueIn(own, text));
      if (typesOf(own)?.includes('array')) return [field, values.flatMap((value) => itemsOf(own, value))];
      return [field, values.length === 1 ? values[0] : values];
    }),
  );
}

function itemsOf({ items = {} }: Schema, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [typeof value === 'string' ? valueIn(items, value) : value];
}

/** As JSON where the schema takes what it then is; a string needs no quotes. */
function valueIn(schema: Schema, text: string): unknown {
  const types = typesOf(schema);
  try {
    const value: unknown = JSON.parse(text);
    const fits = types === undefined || namesOf(value).some((name) => types.includes(name));
    return fits && typeof value !== 'string' ? value : text;
  } catch {
    return text;
  }
}

function typesOf({ type }: Schema): readonly string[] | undefined {
  return type === undefined ? undefined : [type].flat();
}

function namesOf(value: unknown): readonly string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  return typeof value === 'number' ? ['number', 'integer'] : [typeof value];
}
