import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { positionOf } from './formats/reading.ts';
import { frameOf } from './frame.ts';
import { installHint } from './installation.ts';
import { redactText } from './redact.ts';
import { show } from './show.ts';
import { type Place, unreadableAt, written } from './unreadable.ts';

/**
 * For what the import of a JavaScript or TypeScript file rejects with: its syntax, its imports, or what it has thrown.
 * `modules` are the files that it has imported, and itself.
 */
export function unreadableModule(file: string, fault: unknown, modules: readonly string[]): PromptbinError {
  const place = placeOf(file, fault, modules);
  const frame = frameAt(place);
  const [said = ''] = messageOf(fault).split(/\nRequire stack:| imported from /);
  if (PromptbinError.is(fault)) {
    return new PromptbinError(fault.code, `${written(place, file)}: ${said}`, { ...fault, cause: fault });
  }
  const [, missing] = /^Cannot find (?:package|module) '([^./][^']*)'/.exec(said) ?? [];
  const hint = missing && installHint(packageOf(missing), dirname(file));
  const hasMessage = (fault instanceof Error || typeof fault === 'string') && said !== '';
  const thrown = fault instanceof Error ? 'an error without a message' : show(fault);
  const reason = hasMessage ? said : `it has thrown ${thrown}`;
  return unreadableAt(place, { file, reason, hint, frame, cause: fault });
}

function placeOf(file: string, fault: unknown, modules: readonly string[]): Place {
  const real = realpathSync(file);
  const others = modules.filter((name) => name !== real);
  const place =
    importedAt(messageOf(fault)) ??
    thrownAt([real], fault) ??
    thrownAt(others, fault) ??
    parsedAt(stackOf(fault)) ??
    checkedAt([real, ...others], fault);
  return place === undefined || place.file === real ? { ...place, file } : place;
}

/** Of an import that leads nowhere Node tells the file, and no line. */
function importedAt(message: string): Place | undefined {
  const [, wanted = '', file] = /^Cannot find (?:package|module) '(.+)' imported from (.+)$/s.exec(message) ?? [];
  if (file === undefined || !existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const strings = text.matchAll(/(['"])([^'"\n]+)\1/g);
  // A relative one is told as it was resolved, and a part of a package as the package.
  const isIt = (name: string): boolean =>
    name === wanted || packageOf(name) === wanted || (name.startsWith('.') && basename(name) === basename(wanted));
  const found = strings.find(([, , name = '']) => isIt(name));
  return { file, ...(found && positionOf(text, found.index)) };
}

/** The uppermost frame of one of the files: a fault in a plugin is best shown where the config calls it. */
function thrownAt(files: readonly string[], fault: unknown): Place | undefined {
  for (const line of stackOf(fault).split('\n')) {
    for (const file of files) {
      for (const name of [pathToFileURL(file).href, file]) {
        const [, rest] = line.split(name);
        const [, row, column] = /^(?:\?load=\d+)?:(\d+):(\d+)/.exec(rest ?? '') ?? [];
        if (row !== undefined) return { file, line: Number(row), column: Number(column) };
      }
    }
  }
  return undefined;
}

/** Syntax errors have the place above the message: `file:line`, then the source with a caret below the column. */
function parsedAt(text: string): Place | undefined {
  const [, name, line, source = ''] = /^(\S.*?)(?:\?load=\d+)?:(\d+)\n(.*?)\n\S*Error\b/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  const [row = '', ...below] = source.split('\n');
  // There is none below the end of the text.
  const caret = below.find((other) => /^\s*\^+$/.test(other))?.indexOf('^') ?? row.length;
  const file = name.startsWith('file:') ? fileURLToPath(name) : name;
  return { file, line: Number(line), column: caret + 1 };
}

/** Of a syntax error in JavaScript Node keeps the place to itself, but for `node --check`. */
function checkedAt(files: readonly string[], fault: unknown): Place | undefined {
  if (!(fault instanceof SyntaxError)) return undefined;
  for (const file of files) {
    const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 });
    const place = parsedAt(stderr);
    if (place !== undefined) return place;
  }
  return undefined;
}

function frameAt({ file, line, column }: Place): string | undefined {
  if (line === undefined || column === undefined) return undefined;
  return frameOf(redactText(readFileSync(file, 'utf8'), []), { line, column });
}

/** `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function stackOf(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? '') : '';
}
