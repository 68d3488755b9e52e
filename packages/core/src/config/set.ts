import type { ConfigLayer, ConfigPath } from '../contract/config-source.ts';
import { isSecretName } from '../secrets/names.ts';
import type { Mistake } from './issues.ts';
import { keysAt } from './keys.ts';
import { ListPatch } from './merge.ts';
import { formatPath, isPlainObject, subjectOf, valueAt } from './path.ts';
import { redactText } from './redact.ts';
import { configSchema } from './schema.ts';
import { stringsOf } from './show.ts';
import { nearest } from './suggest.ts';
import { treeFaults } from './tree.ts';

/** What one `--set` says: a layer of its own, over all that was said before it. */
export type Setting = { readonly layer: ConfigLayer } | { readonly mistake: Mistake };

/**
 * Reads `web.port=0`: a path, whose first step is a process unless it is a key of the config, and a value: JSON, or else
 * text. An item of a list has its number: `web.command.1=x` or `web.command[1]=x`. `config` is what holds without it.
 */
export function readSetting(text: string, config: unknown, folder: string): Setting {
  const { names, rest } = readNames(text);
  const [, given] = /^=(.*)$/s.exec(rest) ?? [];
  const option = `--set ${showSetting(text, names, stringsOf(valueAt(config, ['secrets'])))}`;
  const fail = (path: ConfigPath, message: string, hint?: string): Setting => ({
    mistake: { code: 'PB_CONFIG_INVALID', path, message: `${option} ${message}`, ...(hint && { hint }), option },
  });
  if (given === undefined || names.length === 0) {
    return fail([], 'is not of the form name.key=value.', 'Write it as in --set web.port=0.');
  }

  const [first = ''] = names;
  if (first === 'extends') return fail(['extends'], 'comes too late.', 'Write "extends" in a config file.');
  const configKeys = keysAt(configSchema, []);
  const whole = configKeys.includes(first) ? names : ['processes', ...names];
  const processes = Object.keys(asObject(valueAt(config, ['processes'])));
  if (whole !== names && !processes.includes(first)) {
    const guess = nearest(first, [...processes, ...configKeys]);
    const known = processes.length === 0 ? undefined : `Known processes: ${processes.join(', ')}.`;
    return fail(
      whole,
      'names neither a process nor a key of the config.',
      guess === undefined ? known : `Did you mean "${guess}"?`,
    );
  }

  const path: PropertyKey[] = [];
  for (const name of whole) {
    const around = valueAt(config, path);
    if (!Array.isArray(around)) path.push(name);
    else if (/^\d+$/.test(name) && Number(name) <= around.length) path.push(Number(name));
    else {
      const last = around.length === 1 ? 'only item is 0' : `items are 0 to ${around.length - 1}`;
      return fail([...path, name], `does not fit: ${subjectOf(path)} is a list.`, `Its ${last}.`);
    }
  }
  const value = path.reduceRight<unknown>(
    (inner, step) => (typeof step === 'number' ? new ListPatch(step, inner) : Object.fromEntries([[step, inner]])),
    readValue(given),
  );
  if (treeFaults(Object(value)).length > 0) return fail(path, 'has a key "__proto__", which no object can have.');
  return { layer: { name: '--set', text: option.slice('--set '.length), folder, value, locate: () => undefined } };
}

/** The steps of the path at the start of the text. */
export function readNames(text: string): { readonly names: readonly string[]; readonly rest: string } {
  const names: string[] = [];
  const step = /(?:^|\.)([^.=[\]]+)|\[(\d+)\]|\["([^"]+)"\]/y;
  let end = 0;
  for (let found = step.exec(text); found !== null; found = step.exec(text)) {
    names.push(found[1] ?? found[2] ?? found[3] ?? '');
    end = step.lastIndex;
  }
  return { names, rest: text.slice(end) };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function showSetting(text: string, names: readonly string[], secrets: readonly string[]): string {
  const isSecret = names.some((name) => isSecretName(name, secrets));
  return isSecret ? `${formatPath(names)}=[secret]` : redactText(text, secrets);
}

function asObject(value: unknown): object {
  return isPlainObject(value) ? value : {};
}
