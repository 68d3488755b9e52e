import { stripVTControlCharacters } from 'node:util';

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

/** In columns of the terminal, without escapes. */
export function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function cut(text: string, columns: number): string {
  return width(text) <= columns ? text : `${stripVTControlCharacters(text).slice(0, Math.max(0, columns - 1))}…`;
}
