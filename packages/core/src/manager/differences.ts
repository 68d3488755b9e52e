import { relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { effectiveProcess, showable } from '../config/print.ts';
import type { Config, ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { ConfigChange } from '../contract/manager.ts';
import { composeEnv } from '../process/env.ts';

/** A config, and how it was written. */
export interface ConfigState {
  readonly config: ResolvedConfig;
  readonly written: Config;
}

/**
 * What a difference asks for: `child` another child; `readiness` one as long as it is not ready; `live` holds at once;
 * `upkeep` holds at once, and never was why a process is down.
 */
export type Effect = 'child' | 'readiness' | 'live' | 'upkeep';

export interface Difference extends ConfigChange {
  readonly effect: Effect;
}

export interface DifferenceRules {
  /** The environment that children inherit from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a plugin follows its fields while the process runs. */
  isLive(plugin: string): boolean;
  isSecret(name: string): boolean;
  /** Takes out of a text what else is secret. */
  redact(text: string): string;
}

type Tree = Readonly<Record<string, unknown>>;

const effects: Readonly<Record<string, Effect>> = {
  ready: 'readiness',
  dependsOn: 'live',
  stop: 'upkeep',
  autostart: 'upkeep',
  essential: 'upkeep',
  protected: 'upkeep',
  onDependencyRestart: 'upkeep',
  logs: 'upkeep',
  'logs.mode': 'child',
};

/** How a process that is in both configs differs, in the words of the file. */
export function differencesOf(
  name: string,
  before: ConfigState,
  after: ConfigState,
  rules: DifferenceRules,
): readonly Difference[] {
  const [old, next] = [before.config.processes[name], after.config.processes[name]];
  if (old === undefined || next === undefined) return [];
  const own = [
    ...compare(describe(old, before, rules), describe(next, after, rules)),
    ...compare(sharedWith(old, before), sharedWith(next, after), ['shared']),
  ].map((change) => ({
    ...change,
    effect: effects[change.path.join('.')] ?? effects[change.path[0] ?? ''] ?? 'child',
  }));
  const ofPlugins = [...new Set([...Object.keys(old.fields), ...Object.keys(next.fields)])].flatMap((plugin) =>
    compareFields(name, plugin, before, after).map((change) => ({
      ...change,
      effect: rules.isLive(plugin) ? ('live' as const) : ('child' as const),
    })),
  );
  return [...own, ...ofPlugins].map(({ path, from, to, effect }) => {
    const show = (value: unknown): unknown =>
      showable(value, ['processes', name, ...path], rules.isSecret, rules.redact);
    return {
      path: path.join('.'),
      ...(from === undefined ? {} : { from: show(from) }),
      ...(to === undefined ? {} : { to: show(to) }),
      effect,
    };
  });
}

interface TreeChange {
  readonly path: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
}

/** All that core knows of a process, as its child will find it. */
function describe(spec: ResolvedProcess, { config }: ConfigState, rules: DifferenceRules): Tree {
  const { root, shared } = config;
  const level = shared?.logging?.level;
  const facts = { root, base: rules.env, stamp: '', generation: 0, logLevel: level, sharedFile: shared && 'shared' };
  return {
    ...effectiveProcess({ ...spec, fields: {} }),
    command: spec.shell ? spec.command : [spec.command, ...spec.args].map(quote).join(' '),
    cwd: relative(root, spec.cwd) || '.',
    env: composeEnv(spec, facts),
  };
}

/** What a process reads of the file, if a section describes it. What `mcp` says is for promptbin itself. */
function sharedWith({ shared: section }: ResolvedProcess, { config }: ConfigState): Tree {
  return section === undefined ? {} : { ...config.shared, mcp: undefined };
}

/** What a plugin's key parses to decides; what is told is what was written, if that says it. */
function compareFields(name: string, plugin: string, before: ConfigState, after: ConfigState): readonly TreeChange[] {
  const [from, to] = [before, after].map(({ config }) => config.processes[name]?.fields[plugin]);
  if (isDeepStrictEqual(from, to)) return [];
  const [writtenBefore, writtenAfter] = [before, after].map(
    ({ written }) => (written.processes[name] as Tree | undefined)?.[plugin],
  );
  const changes = compare(writtenBefore, writtenAfter, [plugin]);
  return changes.length > 0 ? changes : [{ path: [plugin], from, to }];
}

function compare(from: unknown, to: unknown, path: readonly string[] = []): readonly TreeChange[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isTree(from) || !isTree(to)) return [{ path, from, to }];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    compare(from[key], to[key], [...path, key]),
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function quote(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word);
}
