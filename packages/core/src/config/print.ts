import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { ConfigPath } from '../contract/config-source.ts';

/** Whether what stands under this name is not to be shown. */
export type IsSecret = (name: string) => boolean;

/** A config in the words of its file. */
export type ConfigTree = Readonly<Record<string, unknown>>;

/**
 * A checked config in the words of its file: durations in ms, sizes in bytes, paths absolute, env files merged in.
 * `plugins` are as they stand in the list, each with its parsed options.
 */
export function effectiveConfig(
  { secrets, shared, processes }: ResolvedConfig,
  plugins: readonly (readonly [ref: string, options: unknown])[],
): ConfigTree {
  return {
    ...(plugins.length > 0 && {
      plugins: plugins.map(([ref, options]) => (options === undefined ? ref : [ref, options])),
    }),
    ...(secrets.length > 0 && { secrets }),
    ...(shared !== undefined && { shared }),
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, process]) => [name, effectiveProcess(process)]),
    ),
  };
}

export function effectiveProcess(process: ResolvedProcess): ConfigTree {
  const { kind, command, args, shell, cwd, env, port, dependsOn, shared, ready, stop, logs } = process;
  return {
    command: shell ? command : [command, ...args],
    shell,
    cwd,
    kind,
    env,
    // How a file says "any free port" inside an object.
    ...(port !== undefined && { port: { ...port, preferred: port.preferred === 'auto' ? 0 : port.preferred } }),
    dependsOn,
    autostart: process.autostart,
    essential: process.essential,
    protected: process.protected,
    stdin: process.stdin,
    tty: process.tty,
    onDependencyRestart: process.onDependencyRestart,
    onManagerDeath: process.onManagerDeath,
    ...(shared !== undefined && { shared }),
    ready: { timeout: ready.timeoutMs, ...(ready.log !== undefined && { log: ready.log }), port: ready.port },
    stop: { signal: stop.signal, grace: stop.graceMs },
    logs: {
      mode: logs.mode,
      format: logs.format,
      maxSize: logs.maxSizeBytes,
      maxFiles: logs.maxFiles,
      compress: logs.compress,
      ring: logs.ringBytes,
    },
    ...process.attributes,
    ...process.fields,
  };
}

/**
 * A value that stands at `path`, as it may be shown: without secrets, and of nothing that JSON cannot hold.
 *
 * @param redact takes out of a text what else is secret
 */
export function showable(
  value: unknown,
  path: ConfigPath,
  isSecret: IsSecret,
  redact: (text: string) => string = (text) => text,
): unknown {
  return show(value, path, { isSecret, redact, around: [] });
}

interface Showing {
  readonly isSecret: IsSecret;
  readonly redact: (text: string) => string;
  /** The objects that hold the value: one that contains itself has no end. */
  readonly around: readonly object[];
}

function show(value: unknown, path: ConfigPath, showing: Showing): unknown {
  const { redact, around } = showing;
  if (typeof value === 'function') return value.name === '' ? '[function]' : `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return showScalar(value, path, showing);
  if (value instanceof RegExp) return redact(String(value));
  if (around.includes(value)) return '[circle]';
  const inside = { ...showing, around: [...around, value] };
  if (Array.isArray(value)) return value.map((item: unknown, index) => show(item, [...path, index], inside));
  if ('toJSON' in value && typeof value.toJSON === 'function') return show(value.toJSON(), path, inside);
  if (isPluginAt(path, value)) return show([value.name, value.input], path, inside);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, show(item, [...path, key], inside)]),
  );
}

function showScalar(value: unknown, path: ConfigPath, { isSecret, redact }: Showing): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (namesIn(path).some(isSecret)) return '[secret]';
  return typeof value === 'number' && Number.isFinite(value) ? value : redact(String(value));
}

/** The names that may tell a secret. Those of processes say nothing about what is in them. */
function namesIn(path: ConfigPath): readonly string[] {
  const names = path[0] === 'processes' ? path.slice(path[2] === 'dependsOn' ? path.length : 2) : path;
  return names.filter((name) => typeof name === 'string');
}

/** In TypeScript a plugin itself stands in the list. */
function isPluginAt(path: ConfigPath, value: object): value is { readonly name: string; readonly input?: unknown } {
  return path.length === 2 && path[0] === 'plugins' && 'setup' in value && 'name' in value;
}
