import { commandLine, duration } from '@promptbin/core';
import * as z from 'zod';
import type { ExecFields, HeartbeatFields, HttpFields, LogFields, NotifyFields, TcpFields } from './fields.ts';
import { http } from './http-settings.ts';
import type { ExecMeans, HeartbeatMeans, HttpMeans, LogMeans, NotifyMeans, TcpMeans } from './means.ts';

// Descriptions are what editors show; they hold in every format of a config.

const text = z.string().min(1, 'expected some text');
const port = z.int('expected a port from 1 to 65535').min(1).max(65_535);
const defaultAgeMs = 30_000;
// A shorter one could not be told from a busy machine.
const age = duration.refine((ms) => ms >= 100, 'expected at least 100 ms');

const tcp: z.ZodType<TcpMeans, TcpFields> = z
  .union([
    z.literal(true).transform(() => ({})),
    z.strictObject({
      port: port.optional().describe('The port to connect to. Default: the port of the process.'),
      host: text.optional().describe('The address to connect to. Default: where the process listens.'),
    }),
  ])
  .transform((value): TcpMeans => ({ kind: 'tcp', ...value }))
  .describe('Good when a connection is accepted.');

const exec: z.ZodType<ExecMeans, ExecFields> = commandLine
  .transform((command): ExecMeans => ({ kind: 'exec', ...command }))
  .describe('A command that exits with 0 when all is well. It runs in the environment and the folder of the process.');

// `test` of a global or sticky RegExp depends on the call before.
const expression = z
  .instanceof(RegExp)
  .transform(({ source, flags }) => new RegExp(source, flags.replaceAll(/[gy]/g, '')));
const pattern = z.union([text, expression], { error: 'expected a text (in TypeScript also a RegExp)' });

const log: z.ZodType<LogMeans, LogFields> = z
  .union([
    pattern.transform((value) => ({ pattern: value })),
    z.strictObject({
      pattern: pattern.describe('The text to look for. In TypeScript also a RegExp.'),
      within: age.optional().describe('How old the newest such line may be. Default: any since the spawn will do.'),
    }),
  ])
  .transform((value): LogMeans => {
    return 'within' in value
      ? { kind: 'log', pattern: value.pattern, withinMs: value.within }
      : { kind: 'log', pattern: value.pattern };
  })
  .describe('Text in a line of output. In TypeScript also a RegExp.');

const notify: z.ZodType<NotifyMeans, NotifyFields> = z
  .union(
    [
      z.literal(true).transform(() => ({ by: 3 })),
      z
        .int()
        .min(3)
        .max(255)
        .transform((by) => ({ by })),
      z.literal('systemd').transform((by) => ({ by })),
      z
        .strictObject({
          systemd: z.literal(true).describe('By datagrams to `NOTIFY_SOCKET`.'),
          maxAge: age
            .optional()
            .describe('`WATCHDOG=1` must come at least that often. Default: `30s` for `liveness`, else not at all.'),
        })
        .transform(({ maxAge }) => ({ by: 'systemd' as const, maxAgeMs: maxAge })),
    ],
    { error: 'expected true, a descriptor from 3 to 255, "systemd" or an object' },
  )
  .transform((value): NotifyMeans => ({ kind: 'notify', ...value }))
  .describe(
    'The process says it: `true` or a number is a descriptor that it writes a line to (`true`: 3); `systemd` is `sd_notify`.',
  );

const heartbeat: z.ZodType<HeartbeatMeans, HeartbeatFields> = z
  .union([
    text.transform((file) => ({ file, maxAge: defaultAgeMs })),
    z.strictObject({
      file: text.describe('The file, relative to the folder of the config.'),
      maxAge: age.default(defaultAgeMs).describe('How often it is touched at least. Default: `30s`.'),
    }),
  ])
  .transform(({ file, maxAge }): HeartbeatMeans => ({ kind: 'heartbeat', file, maxAgeMs: maxAge }))
  .describe('A file that the process touches.');

/** A schema for each means, to be spread into an object of which at most one may be given. */
export const meansShape: {
  readonly http: z.ZodOptional<z.ZodType<HttpMeans, HttpFields>>;
  readonly tcp: z.ZodOptional<z.ZodType<TcpMeans, TcpFields>>;
  readonly exec: z.ZodOptional<z.ZodType<ExecMeans, ExecFields>>;
  readonly log: z.ZodOptional<z.ZodType<LogMeans, LogFields>>;
  readonly notify: z.ZodOptional<z.ZodType<NotifyMeans, NotifyFields>>;
  readonly heartbeat: z.ZodOptional<z.ZodType<HeartbeatMeans, HeartbeatFields>>;
} = {
  http: http.optional(),
  tcp: tcp.optional(),
  exec: exec.optional(),
  log: log.optional(),
  notify: notify.optional(),
  heartbeat: heartbeat.optional(),
};
