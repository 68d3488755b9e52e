import type * as z from 'zod';
import type { Plugin } from './plugin.ts';
import type { PortOptions, ProcessAttributes } from './process-options.ts';

/** Milliseconds as a number, or text such as `500ms`, `2s`, `1.5m`, `1h`. Not negative. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h'}`;
/** Bytes as a number, or text such as `512b`, `256kb`, `10mb`, `1gb`; `kb` is 1024 bytes. Not negative. */
export type Size = number | `${number}${'b' | 'kb' | 'mb' | 'gb'}`;

/** A variable that is null is removed from the child's environment. */
export type EnvInput = Readonly<Record<string, string | number | boolean | null>>;

export type DependencyState = 'started' | 'ready' | 'completed';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What the manager and its processes both read. A section that is given is completed with its defaults. Sections of other
 * names are free; `runtime` is written by promptbin.
 */
export interface SharedInput {
  /** Where the web app listens. */
  readonly flask?: {
    /** The port to try first; the real one is written into the file. Default 5000. */
    readonly port?: number;
    /** Flask's debug mode. Default false. */
    readonly debug?: boolean;
    /** Default 127.0.0.1. */
    readonly host?: string;
  };
  /** How the manager looks after the processes. */
  readonly mcp?: {
    /** Seconds between two checks: the default period of plugin-health. Default 30. */
    readonly health_check_interval?: number;
    /** Restarts that are not yet a crash loop: the default `maxRestarts` of plugin-restart. Default 3. */
    readonly restart_threshold?: number;
    /** Seconds from the signal to SIGKILL: the default of `stop.grace`. Default 10. */
    readonly shutdown_timeout?: number;
  };
  /** How the processes log. */
  readonly logging?: {
    /** The default of PROMPTBIN_LOG_LEVEL. Default INFO. */
    readonly level?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
    /** Default json. */
    readonly format?: 'json' | 'text';
  };
  readonly [section: string]: Json | undefined;
}

/** What core knows of a process; each listed plugin adds its own key. */
export interface ProcessBase extends ProcessAttributes {
  /** A string is split as argv, without a shell; `{port}` and `{host}` are expanded. */
  command: string | readonly [string, ...string[]];
  /** Run `command` by `/bin/sh -c`. Default false. */
  shell?: boolean;
  /** Relative to the folder of the config. Default `.`. */
  cwd?: string;
  /** A job is ready when it has completed. Default `service`. */
  kind?: 'service' | 'job';
  /** Win over all other variables of this process. */
  env?: EnvInput;
  /** Relative to the folder of the config; later files win, and `env` wins over them. */
  envFile?: string | readonly string[];
  /** To listen on: this one, or the next that is free; `auto` is any free one. */
  port?: number | 'auto' | PortOptions;
  /** What must have `started`, be `ready` or have `completed` before this one starts. A list means `ready`. */
  dependsOn?: readonly string[] | Readonly<Record<string, DependencyState>>;
  /** Start it with `promptbin up`, not only when it is asked for. Default true. */
  autostart?: boolean;
  /** When it has failed for good, the manager ends, with exit code 1 of `promptbin up`. Default false. */
  essential?: boolean;
  /** An agent must have a person agree before it stops or restarts it. Default false. */
  protected?: boolean;
  /** What it reads from: nothing, or a pipe that `process.send` writes lines to. Default `ignore`. */
  stdin?: 'ignore' | 'pipe';
  /** Run it in a terminal of its own, which `promptbin attach` shows. Default false. */
  tty?: boolean;
  /**
   * What becomes of this process, while it is up, when one that it depends on has been started anew: it goes on, it is
   * restarted as soon as the other is there again, or it is stopped. Default `keep`.
   */
  onDependencyRestart?: 'keep' | 'restart' | 'stop';
  /**
   * What becomes of it when the manager is killed: it is ended, or goes on, and the next manager takes it over. `keep` is for
   * services on Linux that write their log by themselves (`logs.mode: 'direct'`). Default `stop`.
   */
  onManagerDeath?: 'stop' | 'keep';
  /**
   * The section of `shared` that describes this process: its `port` and `host` are the default of `port`, and the real
   * ones are written into it before each start.
   */
  shared?: string;
  /** All of it must hold, and what plugins add, before the process counts as ready. */
  ready?: {
    /** A timeout is a failure. Default 60 s. */
    timeout?: Duration;
    /** A line of output, or a part of one, that says so. A string is searched for, a RegExp is tested. */
    log?: string | RegExp;
    /** A listener of our own tree on the port. Default: true for a service with a port. */
    port?: boolean;
  };
  stop?: {
    /** Default SIGTERM. */
    signal?: NodeJS.Signals;
    /** From the signal to SIGKILL. Default: `shared.mcp.shutdown_timeout`, else 5 s. */
    grace?: Duration;
  };
  logs?: {
    /**
     * `pipe`: the manager reads the output and writes the file. `direct`: the process writes the file by itself, which costs
     * nothing and goes on without a manager; secrets are not hidden in it then. Default `pipe`.
     */
    mode?: 'pipe' | 'direct';
    /** `raw`: the output as it is. `json`: a record of each line, as `logs --json` prints it. Default `raw`. */
    format?: 'raw' | 'json';
    /** Rotate the file at this size. Default 10mb. */
    maxSize?: Size;
    /** How many rotated files to keep. Default 5. */
    maxFiles?: number;
    /** Compress rotated files by gzip. Default false. */
    compress?: boolean;
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
  /** Files that this one builds on, relative to it; later ones win, and this file wins over all. */
  readonly extends?: string | readonly string[];
  /** Each may add a key to every process. */
  readonly plugins?: readonly PluginRef[];
  /** For every process; a process's own win. */
  readonly env?: EnvInput;
  /** For every process, relative to the folder of the config; later files win, and `env` wins over them. */
  readonly envFile?: string | readonly string[];
  /** Names of variables whose values are never shown, beside the usual ones; `*` stands for anything, `!` takes one out. */
  readonly secrets?: readonly string[];
  /** What promptbin and its processes both read; written as JSON before each start. */
  readonly shared?: SharedInput;
  readonly processes: Readonly<Record<string, ProcessBase>>;
}

/** What a config that is a function gets. */
export interface ConfigEnv {
  /** The environment that the config is read in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As given by `--mode`. Default `development`. */
  readonly mode: string;
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
  readonly essential: boolean;
  readonly protected: boolean;
  readonly stdin: 'ignore' | 'pipe';
  readonly tty: boolean;
  readonly onDependencyRestart: 'keep' | 'restart' | 'stop';
  readonly onManagerDeath: 'stop' | 'keep';
  readonly shared?: string;
  readonly ready: { readonly timeoutMs: number; readonly log?: string | RegExp; readonly port: boolean };
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  readonly logs: {
    readonly mode: 'pipe' | 'direct';
    readonly format: 'raw' | 'json';
    readonly maxSizeBytes: number;
    readonly maxFiles: number;
    readonly compress: boolean;
    readonly ringBytes: number;
  };
  readonly attributes: Readonly<ProcessAttributes>;
  /** Parsed fields of each plugin, by its name. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ResolvedPort {
  readonly preferred: number | 'auto';
  readonly strict: boolean;
  readonly host: string;
  readonly env: readonly string[];
  readonly handoff: boolean;
  readonly overlap: boolean;
}

export interface ResolvedConfig {
  /** The folder of the config: relative paths start here, `.promptbin/` stands here. */
  readonly root: string;
  readonly file?: string;
  readonly secrets: readonly string[];
  readonly shared?: SharedInput;
  readonly processes: Readonly<Record<string, ResolvedProcess>>;
}
