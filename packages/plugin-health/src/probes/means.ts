import type { Json } from '@promptbin/core';
import type { StandardSchema } from './fields.ts';

/** What a check is for. */
export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** Both ends are part of it. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

export interface HttpMeans {
  readonly kind: 'http';
  readonly path: string;
  readonly method: string;
  readonly host?: string | undefined;
  /** Absent: where the process listens. */
  readonly port?: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly status: readonly StatusRange[];
  readonly json?: { readonly schema: StandardSchema } | { readonly like: Readonly<Record<string, Json>> } | undefined;
  readonly tls?: TlsMeans | undefined;
}

export interface TlsMeans {
  readonly verify: boolean;
  readonly ca?: string | undefined;
  readonly servername?: string | undefined;
}

export interface TcpMeans {
  readonly kind: 'tcp';
  readonly host?: string | undefined;
  /** Absent: where the process listens. */
  readonly port?: number | undefined;
}

export interface ExecMeans {
  readonly kind: 'exec';
  readonly command: string;
  readonly args: readonly string[];
  readonly shell: boolean;
}

export interface LogMeans {
  readonly kind: 'log';
  readonly pattern: string | RegExp;
  readonly withinMs?: number | undefined;
}

export interface NotifyMeans {
  readonly kind: 'notify';
  /** The descriptor that the process writes a line to, or `systemd` for datagrams. */
  readonly by: number | 'systemd';
  /** How often `WATCHDOG=1` must come. */
  readonly maxAgeMs?: number | undefined;
}

export interface HeartbeatMeans {
  readonly kind: 'heartbeat';
  readonly file: string;
  readonly maxAgeMs: number;
}

/** By what to tell how a process is, with every default filled in. */
export type Means = HttpMeans | TcpMeans | ExecMeans | LogMeans | NotifyMeans | HeartbeatMeans;

/** As the schemas of `meansShape` give them. */
export type ParsedMeans = { readonly [K in Means['kind']]?: Extract<Means, { readonly kind: K }> | undefined };

/** Those that are given; more than one is a mistake. */
export function givenMeans({ http, tcp, exec, log, notify, heartbeat }: ParsedMeans): readonly Means[] {
  return [http, tcp, exec, log, notify, heartbeat].filter((means) => means !== undefined);
}

/** With the port to ask, unless it names one itself. */
export function withPort(means: Means, port: number | undefined): Means {
  return means.kind === 'http' || means.kind === 'tcp' ? { ...means, port: means.port ?? port } : means;
}

/** Whether it asks at the port of the process, so that there must be one. */
export function asksOwnPort(means: Means): boolean {
  return (means.kind === 'http' || means.kind === 'tcp') && means.port === undefined;
}

/** For which checks a means stands that no check names for itself. */
export function standsFor(means: Means): readonly ProbeKind[] {
  // A program that says it is ready need not say that it is alive, and a line of its start says nothing about now.
  const saysNoMore = (means.kind === 'notify' && means.maxAgeMs === undefined) || isOfStart(means);
  return saysNoMore ? ['startup', 'readiness'] : ['startup', 'readiness', 'liveness'];
}

/** Whether one answer speaks for readiness and liveness alike. */
export function isShared(means: Means): boolean {
  return means.kind !== 'notify';
}

/** Why it is no means for such a check; undefined when it is one. */
export function meansMistake(means: Means, kind: ProbeKind): string | undefined {
  if (kind !== 'liveness') return undefined;
  if (isOfStart(means)) return 'a line that was once written says nothing about now: give it "within"';
  const isOnce = means.kind === 'notify' && means.by !== 'systemd';
  return isOnce ? 'a descriptor tells once that the process is ready, and never that it is alive' : undefined;
}

function isOfStart(means: Means): boolean {
  return means.kind === 'log' && means.withinMs === undefined;
}
