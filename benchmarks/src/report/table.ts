import { type Summary, short, spreadText } from './summary.ts';

/** For the terminal. */
export function textTable({ case: name, figure, rows }: Summary): string {
  const cells = [
    [`${name}: ${figure.name}`, figure.unit, 'ratio'],
    ...rows.map(({ contender, spread, ratio, fault }) => [
      contender,
      spread === undefined ? (fault ?? '') : spreadText(spread),
      ratio === undefined ? '' : `${short(ratio)} ×`,
    ]),
  ];
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map(([first = '', second = '', third = '']) =>
      `  ${first.padEnd(widths[0] ?? 0)}  ${second.padEnd(widths[1] ?? 0)}  ${third}`.trimEnd(),
    )
    .join('\n');
}

/** For a page: a column for each figure of a case. */
export function pageTable(summaries: readonly Summary[]): string {
  const head = [
    '',
    ...summaries.map(({ figure }) => (figure.unit === '' ? figure.name : `${figure.name}, ${figure.unit}`)),
  ];
  const hasRatio = summaries.length === 1 && summaries[0]?.rows.some(({ ratio }) => ratio !== undefined);
  const contenders = [...new Set(summaries.flatMap(({ rows }) => rows.map(({ contender }) => contender)))];
  const lines = contenders.map((contender) => {
    const cells = summaries.map(({ rows }) => {
      const row = rows.find((one) => one.contender === contender);
      return { ...row, text: row?.spread === undefined ? (row?.fault ?? '') : spreadText(row.spread) };
    });
    const ratio = cells[0]?.ratio === undefined ? '' : `${short(cells[0].ratio)} ×`;
    const name = cells[0]?.role === 'promptbin' ? `**${contender}**` : contender;
    return [name, ...cells.map(({ text }) => text), ...(hasRatio ? [ratio] : [])];
  });
  const all = [
    [...head, ...(hasRatio ? ['ratio'] : [])],
    head.concat(hasRatio ? [''] : []).map((_, index) => (index === 0 ? '---' : '---:')),
    ...lines,
  ];
  return all.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
