import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

/** Both know every character there is, which costs 20 ms: they are loaded for text that is not plain. */
const load = createRequire(import.meta.url);

const plain = /^[\x20-\x7e]*$/;
/** Below this a cut would leave nothing to read: the terminal may wrap. */
const narrowest = 10;

/** Rows in columns of equal width, two spaces apart; cells may be coloured. The last column is cut at `columns`. */
export function renderTable(
  rows: readonly (readonly string[])[],
  columns: number = Number.POSITIVE_INFINITY,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)));
    const [last = '', ...rest] = cells.reverse();
    const before = rest
      .reverse()
      .map((cell) => `${cell}  `)
      .join('');
    return (before + cut(last.trimEnd(), Math.max(columns - width(before), narrowest))).trimEnd();
  });
}

/** Rows by heading, without the columns for which there is no room: those of `expendable` go first, one after the other. */
export function fitTable(
  headings: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  {
    expendable,
    columns = Number.POSITIVE_INFINITY,
  }: { readonly expendable: readonly string[]; readonly columns?: number | undefined },
): string[] {
  const linesOf = (shown: readonly string[]): string[] =>
    renderTable([shown, ...rows.map((row) => shown.map((heading) => row[heading] ?? ''))]);
  const left = [...expendable];
  let shown = headings;
  let lines = linesOf(shown);
  while (left.length > 0 && lines.some((line) => width(line) > columns)) {
    const least = left.shift();
    shown = shown.filter((heading) => heading !== least);
    lines = linesOf(shown);
  }
  return lines;
}

/** In columns of the terminal: escapes take none, and characters of East Asia and emoji two. */
export function width(text: string): number {
  const shown = stripVTControlCharacters(text);
  if (plain.test(shown)) return shown.length;
  return (load('string-width') as typeof import('string-width')).default(text);
}

/** Cut at so many columns, with its colours. */
export function cut(text: string, columns: number): string {
  if (columns === Number.POSITIVE_INFINITY || width(text) <= columns) return text;
  return (load('cli-truncate') as typeof import('cli-truncate')).default(text, columns);
}
