import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { messageOf, PromptbinError } from '../errors/error.ts';

/** A config file that exists and cannot be used. */
export function unreadable(place: string, reason: string, hint?: string, cause?: unknown): PromptbinError {
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  return new PromptbinError('PB_CONFIG_UNREADABLE', `${place}: ${sentence}`, { hint, cause });
}

/** For what `JSON.parse` throws: it tells the place inside the message, and not always. */
export function unreadableJson(file: string, fault: unknown): PromptbinError {
  const [, reason = messageOf(fault), line, column] =
    /^(.*) in JSON at position \d+ \(line (\d+) column (\d+)\)$/s.exec(messageOf(fault)) ?? [];
  return unreadable(at(file, line, column), reason, undefined, fault);
}

/** For what the YAML parser throws: it counts lines and columns from 0. */
export function unreadableYaml(file: string, fault: unknown): PromptbinError {
  const { reason, mark } = fault as { reason?: string; mark?: { line: number; column: number } };
  const place = mark === undefined ? file : at(file, mark.line + 1, mark.column + 1);
  return unreadable(place, reason ?? messageOf(fault), undefined, fault);
}

/** For what the import of a JavaScript or TypeScript file rejects with: its syntax, its imports, or what it has thrown. */
export function unreadableModule(file: string, fault: unknown): PromptbinError {
  const place = thrownAt(file, fault) ?? parsedAt(stackOf(fault)) ?? checkedAt(file, fault) ?? file;
  const where = place.startsWith(file) ? place : `${file}: ${place}`;
  const [reason = ''] = messageOf(fault).split('\nRequire stack:');
  if (PromptbinError.is(fault)) {
    return new PromptbinError(fault.code, `${where}: ${reason}`, { ...fault, cause: fault });
  }
  const [, missing] = /^Cannot find (?:package|module) '([^./][^']*)'/.exec(reason) ?? [];
  return unreadable(where, reason, missing && `Run "npm install ${missing}" in the folder of the config.`, fault);
}

/** The uppermost frame of the file itself: a fault in a plugin is best shown where the config calls it. */
function thrownAt(file: string, fault: unknown): string | undefined {
  const real = realpathSync(file);
  for (const line of stackOf(fault).split('\n')) {
    for (const name of [pathToFileURL(real).href, real]) {
      const [, rest] = line.split(name);
      const [, row, column] = /^(?:\?load=\d+)?:(\d+):(\d+)/.exec(rest ?? '') ?? [];
      if (row !== undefined) return at(file, row, column);
    }
  }
  return undefined;
}

/** Syntax errors have the place above the message: `file:line`, then the source with a caret below the column. */
function parsedAt(text: string): string | undefined {
  const [, name, line, source = ''] = /^(\S.*?)(?:\?load=\d+)?:(\d+)\n(.*?)\n\S*Error\b/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  const caret = source.split('\n').find((row) => /^\s*\^+$/.test(row));
  return at(name.startsWith('file:') ? fileURLToPath(name) : name, line, caret && caret.indexOf('^') + 1);
}

/** Of a syntax error in JavaScript Node keeps the place to itself, but for `node --check`. */
function checkedAt(file: string, fault: unknown): string | undefined {
  if (!(fault instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 });
  return parsedAt(stderr);
}

function stackOf(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? '') : '';
}

function at(file: string, line?: string | number, column?: string | number): string {
  return [file, line, column].filter((part) => part !== undefined && part !== '').join(':');
}
