import { tameLine } from './color.ts';
import type { Screen } from './screen.ts';
import { renderTable } from './table.ts';
import { yamlOf } from './yaml.ts';

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What a command has answered, for people: its summary, then all else, where it is simple as a table. */
export function showValue(screen: Screen, value: unknown): void {
  for (const line of linesOf(screen, value)) screen.line(line);
}

function linesOf(screen: Screen, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [tameLine(String(value), screen.palette)];
  if (isTable(value)) return tableOf(screen, value);
  if (Array.isArray(value)) return yamlLines(value);
  const { summary, ...facts } = value as Readonly<Record<string, unknown>>;
  const tables = Object.entries(facts).filter((entry): entry is [string, Row[]] => isTable(entry[1]));
  const rest = Object.entries(facts).filter(([, fact]) => !isTable(fact));
  return [
    ...(summary === undefined ? [] : linesOf(screen, summary)),
    ...(rest.length === 0 ? [] : yamlLines(Object.fromEntries(rest))),
    // One table needs no name: it is what was asked for.
    ...tables.flatMap(([name, rows]) => [...(tables.length > 1 ? [`${name}:`] : []), ...tableOf(screen, rows)]),
  ];
}

function tableOf({ palette, columns }: Screen, rows: readonly Row[]): readonly string[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => keys.map((key) => tameLine(String(row[key] ?? '-'), palette)));
  return renderTable([keys.map((key) => tameLine(key, palette).toUpperCase()), ...cells], columns);
}

/** What holds control characters is quoted and escaped there. */
function yamlLines(value: unknown): readonly string[] {
  return yamlOf(value).trimEnd().split('\n');
}

function isTable(value: unknown): value is Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRow);
}

function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((cell) => !(cell instanceof Object) && !String(cell).includes('\n'));
}
