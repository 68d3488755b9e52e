import { resolve } from 'node:path';
import type { Config, ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { Plugin } from '../contract/plugin.ts';
import { splitCommand } from './command.ts';
import { checkDependencies } from './dependencies.ts';
import { readVariables, type Variables } from './environment.ts';
import { type ConfigIssue, invalidConfig, type Report, reportTo } from './issues.ts';
import { isRecord, parseConfig, parseFields } from './parse.ts';
import { resolvePlugins } from './plugins.ts';
import type { ParsedProcess } from './schema.ts';

/**
 * Checks a config and fills it in: durations in ms, sizes in bytes, paths absolute, env files read, deeply frozen.
 *
 * @throws PromptbinError `PB_CONFIG_INVALID` with every mistake in `details`, a list of `ConfigIssue`
 */
export async function resolveConfig(
  config: Config,
  at: { readonly root: string; readonly file?: string },
): Promise<{ resolved: ResolvedConfig; plugins: readonly Plugin[] }> {
  const issues: ConfigIssue[] = [];
  const report = reportTo(issues, at.file);
  // A config may come from a file: that it has the shape of its type is what is found out here.
  const raw: unknown = config;
  const refs = isRecord(raw) && Array.isArray(raw.plugins) ? raw.plugins : [];
  const rawProcesses = isRecord(raw) && isRecord(raw.processes) ? raw.processes : {};

  const plugins = await resolvePlugins(refs, at.root, report);
  const parsed = parseConfig(raw, plugins, report);
  const processes: Record<string, ResolvedProcess> = {};
  if (parsed !== undefined) {
    const shared = await readVariables(parsed, { root: at.root, path: [], report });
    for (const [name, process] of Object.entries(parsed.processes)) {
      const fields = await parseFields(rawProcesses[name], plugins.known, ['processes', name], report);
      processes[name] = await resolveProcess(name, process, { root: at.root, shared, fields, report });
    }
    checkDependencies(processes, Object.keys(rawProcesses), report);
  }
  if (issues.length > 0) throw invalidConfig(issues, at.file);
  const resolved = { root: at.root, ...(at.file !== undefined && { file: at.file }), processes };
  return { resolved: freeze(resolved), plugins: Object.freeze(plugins.known) };
}

async function resolveProcess(
  name: string,
  process: ParsedProcess,
  context: { readonly root: string; readonly shared: Variables; readonly fields: object; readonly report: Report },
): Promise<ResolvedProcess> {
  const { root, report } = context;
  const path = ['processes', name];
  const { kind, shell, port, ready, stop, logs } = process;
  if (ready.port === true && port === undefined) {
    report([...path, 'ready', 'port'], `processes.${name}.ready.port is true, but the process has no port.`, {
      hint: `Set processes.${name}.port, or take "ready.port" out.`,
    });
  }
  return {
    name,
    kind,
    ...splitCommand(process.command, { shell, path: [...path, 'command'], report }),
    shell,
    cwd: resolve(root, process.cwd),
    env: { ...context.shared, ...(await readVariables(process, { root, path, report })) },
    ...(port !== undefined && { port }),
    dependsOn: process.dependsOn,
    autostart: process.autostart,
    ready: {
      timeoutMs: ready.timeout,
      ...(ready.log !== undefined && { log: ready.log }),
      port: ready.port ?? (kind === 'service' && port !== undefined),
    },
    stop: { signal: stop.signal, graceMs: stop.grace },
    logs: { maxSizeBytes: logs.maxSize, maxFiles: logs.maxFiles, ringBytes: logs.ring },
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
