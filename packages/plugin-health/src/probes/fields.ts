import type { CommandFields, Duration, Json } from '@promptbin/core';

/** Of any library that follows https://standardschema.dev, such as a zod schema. */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
  };
}

export interface SchemaResult {
  readonly issues?: readonly SchemaIssue[] | undefined;
}

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A status code, or a range of them such as `200-399`. */
export type StatusField = number | `${number}-${number}`;

/** Asks by TLS. */
export interface TlsFields {
  /** Whether the certificate must be one that can be trusted. Default true. */
  verify?: boolean | undefined;
  /** A file with the certificates of authorities to trust instead of the usual ones; relative to the folder of the config. */
  ca?: string | undefined;
  /** The name that the certificate must be for. Default: the host that is asked. */
  servername?: string | undefined;
}

/** A path, or a path with how to ask and what makes the answer a good one. */
export type HttpFields =
  | string
  | {
      path: string;
      /** Default `GET`. */
      method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | undefined;
      /** The address to ask. Default: where the process listens. */
      host?: string | undefined;
      headers?: Readonly<Record<string, string>> | undefined;
      body?: string | undefined;
      /** Good status codes. Default: any 2xx. */
      status?: StatusField | readonly StatusField[] | undefined;
      /**
       * What the JSON that is answered must be: a schema, or an object whose keys it must hold with these values, at any
       * depth; other keys are free.
       */
      json?: Readonly<Record<string, Json>> | StandardSchema | undefined;
      /** Default: without TLS. */
      tls?: true | TlsFields | undefined;
    };

/** A connection is accepted. */
export type TcpFields =
  | true
  | {
      /** Default: the port of the process. */
      port?: number | undefined;
      /** Default: where the process listens. */
      host?: string | undefined;
    };

/** A command that exits with 0. */
export type ExecFields = CommandFields;

/** A line of output that contains the text or matches the RegExp. */
export type LogFields =
  | string
  | RegExp
  | {
      pattern: string | RegExp;
      /** How old the newest such line may be. Default: any since the spawn will do. */
      within?: Duration | undefined;
    };

/**
 * The process says it: by a line on a descriptor (`true` is descriptor 3), or as systemd wants to be told, by datagrams to
 * NOTIFY_SOCKET.
 */
export type NotifyFields =
  | true
  | number
  | 'systemd'
  | {
      systemd: true;
      /** `WATCHDOG=1` must come at least that often. Default: 30 s for `liveness`, else not at all. */
      maxAge?: Duration | undefined;
    };

/** A file that the process touches; relative to the folder of the config. */
export type HeartbeatFields =
  | string
  | {
      file: string;
      /** How often at least. Default 30 s. */
      maxAge?: Duration | undefined;
    };

/** By what means to ask: at most one of them. */
export interface MeansFields {
  http?: HttpFields | undefined;
  tcp?: TcpFields | undefined;
  exec?: ExecFields | undefined;
  log?: LogFields | undefined;
  notify?: NotifyFields | undefined;
  heartbeat?: HeartbeatFields | undefined;
}
