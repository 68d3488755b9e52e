import type { Level } from '@promptbin/core/words';
import type { Format } from '../init/format.ts';

/** Which processes `up` is about. */
export interface Selection {
  /** All with autostart when there are none. */
  readonly names: readonly string[];
  /** In a manager that runs already, all others are stopped. */
  readonly only: boolean;
  /** What they depend on is started and waited for. */
  readonly dependencies: boolean;
}

export interface DetachOptions extends Selection {
  /** The manager takes the config anew whenever it changes. */
  readonly watchConfig: boolean;
  /** A crash that may pass is not the end of the wait. */
  readonly patient: boolean;
  /** The longest wait, such as `30s`. */
  readonly timeout?: string;
}

export interface UpOptions extends Selection {
  readonly watchConfig: boolean;
  /** This is the manager that somebody starts in the background: it says nothing and attaches to no other. */
  readonly background: boolean;
  /** Ends when the last MCP client has gone. */
  readonly ephemeral: boolean;
}

export interface LogsOptions {
  /** Of all processes when there are none. */
  readonly names: readonly string[];
  readonly follow: boolean;
  /** How many of the newest lines of each process. Default: 50, and with `since` all. */
  readonly lines?: number;
  /** Only lines with this regular expression (RE2). */
  readonly grep?: string;
  /** Only lines of this level or worse. */
  readonly level?: Level;
  /** A duration ago, a time of day or a date. */
  readonly since?: string;
  readonly until?: string;
}

export interface EventsOptions {
  /** Of everything when there are none. */
  readonly names: readonly string[];
  readonly follow: boolean;
  /** How many of the newest. Default: 50, and with `after` all. */
  readonly lines?: number;
  /** Only events with a greater `seq`. */
  readonly after?: number;
}

export interface WaitOptions {
  /** Default: `ready`, and with a pattern `log`. */
  readonly for?: 'ready' | 'running' | 'exited' | 'stopped' | 'log';
  /** A regular expression (RE2). */
  readonly pattern?: string;
  /** Lines with a greater `seq` that are there already count, too. */
  readonly after?: number;
  /** Such as `30s`. */
  readonly timeout: string;
}

/** Which tools an agent gets beside what the config says. */
export interface ToolFlags {
  readonly toolsets: readonly string[];
  readonly readonly: boolean;
}

export interface McpOptions extends ToolFlags {
  /** Over HTTP on this port, or on the usual one. Default: over stdin and stdout. */
  readonly http?: number | true;
}

export interface ServiceOptions {
  /** Default: that of the platform. */
  readonly init?: 'systemd' | 'launchd';
  /** For the whole machine. */
  readonly system: boolean;
}

export interface InitOptions {
  /** Default: TypeScript where its types are installed, else YAML. */
  readonly format?: Format;
}
