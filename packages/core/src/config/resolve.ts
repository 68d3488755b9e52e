import { resolve } from 'node:path';
import type { Config, ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { ConfigSource } from '../contract/config-source.ts';
import type { ConfiguredPlugin } from '../contract/plugin.ts';
import { splitCommand } from './command.ts';
import { checkContradictions } from './contradictions.ts';
import { checkDependencies } from './dependencies.ts';
import { readVariables, type Variables } from './environment.ts';
import { invalidConfig } from './invalid.ts';
import { type Mistake, type Report, reportTo } from './issues.ts';
import { isRecord, parseConfig, parseFields } from './parse.ts';
import { valueAt } from './path.ts';
import { checkByPlugins } from './plugin-checks.ts';
import { resolvePlugins } from './plugins.ts';
import type { ParsedProcess } from './process-schema.ts';
import { completePort, type Section, sectionsOf } from './shared.ts';
import { stringsOf } from './show.ts';

const defaultGraceMs = 5000;

/**
 * Checks a config and fills it in: durations in ms, sizes in bytes, paths absolute, env files read, deeply frozen.
 *
 * @throws PromptbinError `PB_CONFIG_INVALID` with every mistake in `details`, a list of `ConfigIssue`
 */
export async function resolveConfig(
  config: Config,
  at: { readonly root: string; readonly file?: string | undefined; readonly source?: ConfigSource | undefined },
): Promise<{ resolved: ResolvedConfig; plugins: readonly ConfiguredPlugin[] }> {
  const mistakes: Mistake[] = [];
  const report = reportTo(mistakes);
  // A config may come from a file: that it has the shape of its type is what is found out here.
  const raw: unknown = config;
  const refs = isRecord(raw) && Array.isArray(raw.plugins) ? raw.plugins : [];
  const rawProcesses = isRecord(raw) && isRecord(raw.processes) ? raw.processes : {};

  const checking = { report, secrets: stringsOf(valueAt(raw, ['secrets'])), source: at.source };
  if (at.source === undefined && valueAt(raw, ['extends']) !== undefined) {
    report(['extends'], 'extends is followed only in files.', { hint: 'Load the config by loadConfig().' });
  }

  const plugins = await resolvePlugins(refs, at.root, checking);
  const parsed = parseConfig(raw, plugins, checking);
  const processes: Record<string, ResolvedProcess> = {};
  if (parsed !== undefined) {
    const variables = await readVariables(parsed, { root: at.root, path: [], report });
    // One that has a mistake is gone; nobody knows what was in it.
    const lost = parsed.shared === undefined && valueAt(raw, ['shared']) !== undefined;
    const sections = lost ? undefined : sectionsOf(parsed.processes, parsed.shared ?? {}, report);
    const { shutdown_timeout: seconds } = parsed.shared?.mcp ?? {};
    const graceMs = seconds === undefined ? defaultGraceMs : seconds * 1000;
    for (const [name, process] of Object.entries(parsed.processes)) {
      const fields = await parseFields(rawProcesses[name], plugins.known, ['processes', name], checking);
      const context = { root: at.root, variables, section: sections?.get(name), graceMs, fields, report };
      processes[name] = await resolveProcess(name, process, context);
    }
    checkDependencies(processes, Object.keys(rawProcesses), report);
  }
  if (mistakes.length === 0) checkByPlugins(plugins, processes, report);
  if (mistakes.length > 0) throw await invalidConfig(mistakes, at);
  const { secrets = [], shared } = parsed ?? {};
  const resolved = {
    root: at.root,
    ...(at.file !== undefined && { file: at.file }),
    secrets,
    ...(shared !== undefined && { shared }),
    processes,
  };
  return { resolved: freeze(resolved), plugins: Object.freeze(plugins.known) };
}

/** What a process takes over from the config around it. */
interface ProcessContext {
  readonly root: string;
  readonly variables: Variables;
  readonly section: Section | undefined;
  readonly graceMs: number;
  readonly fields: object;
  readonly report: Report;
}

async function resolveProcess(name: string, process: ParsedProcess, context: ProcessContext): Promise<ResolvedProcess> {
  const { root, report } = context;
  const path = ['processes', name];
  const { kind, shell, shared, ready, stop, logs } = process;
  const port = completePort(process.port, context.section);
  checkContradictions(name, process, port, report);
  const { umask, nice, ulimit, user, group } = process;
  return {
    name,
    kind,
    ...splitCommand(process.command, { shell, path: [...path, 'command'], report }),
    shell,
    cwd: resolve(root, process.cwd),
    env: { ...context.variables, ...(await readVariables(process, { root, path, report })) },
    ...(port !== undefined && { port }),
    dependsOn: process.dependsOn,
    autostart: process.autostart,
    essential: process.essential,
    protected: process.protected,
    stdin: process.stdin,
    tty: process.tty,
    onDependencyRestart: process.onDependencyRestart,
    onManagerDeath: process.onManagerDeath,
    ...(shared !== undefined && { shared }),
    ready: {
      timeoutMs: ready.timeout,
      ...(ready.log !== undefined && { log: ready.log }),
      port: ready.port ?? (kind === 'service' && port !== undefined),
    },
    stop: { signal: stop.signal, graceMs: stop.grace ?? context.graceMs },
    logs: {
      mode: logs.mode,
      format: logs.format,
      maxSizeBytes: logs.maxSize,
      maxFiles: logs.maxFiles,
      compress: logs.compress,
      ringBytes: logs.ring,
    },
    attributes: defined({ umask, nice, ulimit: ulimit && defined(ulimit), user, group }),
    fields: { ...context.fields },
  };
}

/** Freezes plain objects and lists, deeply. What a plugin's schema may have built beside those is left alone. */
function freeze<T>(value: T): T {
  const plain =
    Array.isArray(value) || (isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value)));
  if (plain && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value as object)) freeze(inner);
  }
  return value;
}

/** What is written as undefined is not there. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
