import type * as z from 'zod';
import type { Plugin } from './plugin.ts';

/** A bare number is milliseconds. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h'}`;
/** A bare number is bytes; `kb` is 1024 bytes. */
export type Size = number | `${number}${'b' | 'kb' | 'mb' | 'gb'}`;

/** A variable that is null is removed from the child's environment. */
export type EnvInput = Readonly<Record<string, string | number | boolean | null>>;

export type DependencyState = 'started' | 'ready' | 'completed';

export interface PortOptions {
  /** Default: any free port. */
  preferred?: number;
  /** Fail when the preferred port is taken, naming its holder, instead of taking the next free one. Default false. */
  strict?: boolean;
  /** Default 127.0.0.1. */
  host?: string;
  /** Variables that tell the child its port, beside PORT and PROMPTBIN_PORT. */
  env?: string | readonly string[];
}

/** What core knows of a process; each listed plugin adds its own key. */
export interface ProcessBase {
  /** A string is split as argv, without a shell; `{port}` and `{host}` are expanded. */
  command: string | readonly [string, ...string[]];
  /** Run `command` by `/bin/sh -c`. Default false. */
  shell?: boolean;
  /** Relative to the config's folder. Default: that folder. */
  cwd?: string;
  /** A job is ready when it has completed. Default `service`. */
  kind?: 'service' | 'job';
  env?: EnvInput;
  envFile?: string | readonly string[];
  port?: number | 'auto' | PortOptions;
  /** A list means `ready`. */
  dependsOn?: readonly string[] | Readonly<Record<string, DependencyState>>;
  /** Default true. */
  autostart?: boolean;
  ready?: {
    /** Default 60 s. */
    timeout?: Duration;
    /** A line of output, or a part of one, that says so. A string is searched for, a RegExp is tested. */
    log?: string | RegExp;
    /** A listener of our own tree on the port. Default: true when there is a port. */
    port?: boolean;
  };
  stop?: {
    /** Default SIGTERM. */
    signal?: NodeJS.Signals;
    /** From the signal to SIGKILL. Default 5 s. */
    grace?: Duration;
  };
  logs?: {
    /** Rotate the file at this size. Default 10mb. */
    maxSize?: Size;
    /** How many rotated files to keep. Default 5. */
    maxFiles?: number;
    /** How much of the newest output is kept in memory. Default 256kb. */
    ring?: Size;
  };
}

type FieldsOf<P> = P extends Plugin<infer N, infer F> ? { [K in N]?: z.input<F> } : never;
type Merge<U> = (U extends unknown ? (u: U) => void : never) extends (u: infer I) => void ? I : never;

/** A process as it is written in a config with the plugins `Ps`. */
export type ProcessInput<Ps extends readonly Plugin[]> = ProcessBase &
  ([Ps[number]] extends [never] ? unknown : Merge<FieldsOf<Ps[number]>>);

/** In JSON and YAML a plugin is named by its package, with or without options. */
export type PluginRef = Plugin | string | readonly [string, unknown];

export interface Config {
  readonly plugins?: readonly PluginRef[];
  readonly env?: EnvInput;
  readonly envFile?: string | readonly string[];
  readonly processes: Readonly<Record<string, ProcessBase>>;
}

/** A process after validation: every default filled in, every duration in ms, every size in bytes, paths absolute. */
export interface ResolvedProcess {
  readonly name: string;
  readonly kind: 'service' | 'job';
  readonly command: string;
  readonly args: readonly string[];
  readonly shell: boolean;
  readonly cwd: string;
  /** The configured environment, files merged in; null removes. The child's own comes from `process/env.ts`. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly port?: ResolvedPort;
  readonly dependsOn: Readonly<Record<string, DependencyState>>;
  readonly autostart: boolean;
  readonly ready: { readonly timeoutMs: number; readonly log?: string | RegExp; readonly port: boolean };
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  readonly logs: { readonly maxSizeBytes: number; readonly maxFiles: number; readonly ringBytes: number };
  /** Parsed fields of each plugin, by its name. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ResolvedPort {
  readonly preferred: number | 'auto';
  readonly strict: boolean;
  readonly host: string;
  readonly env: readonly string[];
}

export interface ResolvedConfig {
  /** The folder of the config: relative paths start here, `.promptbin/` stands here. */
  readonly root: string;
  readonly file?: string;
  readonly processes: Readonly<Record<string, ResolvedProcess>>;
}
