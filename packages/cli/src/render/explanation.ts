import { relative } from 'node:path';
import type { ConfigExplanation } from '@promptbin/core';
import type { Screen } from './screen.ts';
import { renderTable } from './table.ts';
import { yamlOf } from './yaml.ts';

/** A longer value is written over several lines. */
const longest = 80;

/** A value, then every place that has a say in it: the last one holds, unless they are joined. */
export function showExplanation(screen: Screen, explanation: ConfigExplanation): void {
  const { palette } = screen;
  const { path, value, description, written, changes } = explanation;
  if (value === undefined) screen.line(`${palette.bold(path)} is not set`);
  else if (inLine(value).length <= longest) screen.line(`${palette.bold(path)} = ${inLine(value)}`);
  else screen.line(`${palette.bold(path)} =\n${yamlOf(value).trimEnd().replaceAll(/^/gm, '  ')}`);
  if (description !== undefined) screen.line(palette.dim(description));
  const rows = rowsOf(explanation);
  const isJoined = written.length > 0 && written.every((one) => isJoinedAt(path, one.value));
  const marked = rows.map((row, index) => {
    const holds = isJoined || index === rows.length - 1;
    return [holds ? palette.green('➜') : ' ', ...row.map((cell) => (holds ? cell : palette.dim(cell)))];
  });
  if (rows.length > 0) screen.line();
  for (const line of renderTable(marked, screen.columns)) screen.line(line);
  if (rows.length === 0 && changes.length === 0) screen.line('Nobody has written it, and it has no default.');
}

function rowsOf({ path, written, default: byDefault, changes }: ConfigExplanation): readonly (readonly string[])[] {
  return [
    ...(byDefault === undefined ? [] : [['default', inLine(byDefault)]]),
    ...written.map(({ layer, file, line, column, path: at, value }) => {
      const place = file === undefined ? layer : [relative('.', file), line, column].filter(Boolean).join(':');
      return [place, at === path ? inLine(value) : `${at} = ${inLine(value)}`];
    }),
    ...changes.map(({ plugin, from, to }) => [`plugin ${plugin}`, describeChange(from, to)]),
  ];
}

/** Of objects only what differs. */
function describeChange(from: unknown, to: unknown): string {
  if (!isObject(from) || !isObject(to)) return `${inLine(from)} → ${inLine(to)}`;
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const differing = keys.filter((key) => inLine(from[key]) !== inLine(to[key]));
  return differing.map((key) => `${key}: ${describeChange(from[key], to[key])}`).join(', ');
}

function isJoinedAt(path: string, value: unknown): boolean {
  return isObject(value) || (Array.isArray(value) && /(?:^plugins|envFile)$/.test(path));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inLine(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
