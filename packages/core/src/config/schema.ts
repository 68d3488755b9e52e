import { constants } from 'node:os';
import * as z from 'zod';
import type { DependencyState, EnvInput, ProcessBase, ResolvedPort } from '../contract/config.ts';
import { duration, size } from './units.ts';

/** A process after its schema: defaults filled in, shorthands written out. */
export interface ParsedProcess {
  command: string | readonly string[];
  shell: boolean;
  cwd: string;
  kind: 'service' | 'job';
  env: EnvInput;
  envFile: readonly string[];
  port?: ResolvedPort | undefined;
  dependsOn: Record<string, DependencyState>;
  autostart: boolean;
  ready: { timeout: number; log?: string | RegExp | undefined; port?: boolean | undefined };
  stop: { signal: NodeJS.Signals; grace: number };
  logs: { maxSize: number; maxFiles: number; ring: number };
}

export interface ParsedConfig {
  env: EnvInput;
  envFile: readonly string[];
  processes: Record<string, ParsedProcess>;
}

const text = z.string().min(1, 'expected some text');

const env = z
  .record(
    z.string().regex(/^[^=\0]+$/, 'is no name of a variable'),
    z.union([z.string(), z.number(), z.boolean(), z.null()], {
      error: 'expected a text, a number, true, false or null',
    }),
  )
  .default({});

const list = (expected: string) =>
  z
    .union([text, z.array(text)], { error: `expected ${expected} or a list of them` })
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .default([]);

const portNumber = z
  .int('expected a port from 0 to 65535')
  .min(0, 'expected a port from 0 to 65535')
  .max(65_535, 'expected a port from 0 to 65535');

const portOptions = z.strictObject({
  preferred: portNumber.default(0),
  strict: z.boolean().default(false),
  host: text.default('127.0.0.1'),
  env: list('the name of a variable'),
});

const port = z
  .union([portNumber, z.literal('auto'), portOptions], {
    error: 'expected a port from 0 to 65535, "auto" or an object',
  })
  .transform((value): ResolvedPort => {
    if (typeof value === 'object') return { ...value, preferred: value.preferred || 'auto' };
    // Port 0 is how the sockets API spells "any free port".
    return { preferred: value || 'auto', strict: false, host: '127.0.0.1', env: [] };
  });

const command = z
  .union([z.string(), z.array(z.string())], { error: 'expected a command line or a list of its words' })
  .refine((value) => (typeof value === 'string' ? value : (value[0] ?? '')).trim() !== '', 'expected a program to run');

const dependsOn = z
  .union([z.array(text), z.record(text, z.enum(['started', 'ready', 'completed']))], {
    error: 'expected a list of process names or an object such as { "db": "ready" }',
  })
  .transform((value) =>
    Array.isArray(value) ? Object.fromEntries(value.map((name) => [name, 'ready' as const])) : value,
  )
  .default({});

// `test` of a global or sticky RegExp depends on the call before.
const pattern = z
  .instanceof(RegExp)
  .transform(({ source, flags }) => new RegExp(source, flags.replaceAll(/[gy]/g, '')));

const processShape = {
  command,
  shell: z.boolean().default(false),
  cwd: text.default('.'),
  kind: z.enum(['service', 'job']).default('service'),
  env,
  envFile: list('a file name'),
  port: port.optional(),
  dependsOn,
  autostart: z.boolean().default(true),
  ready: z
    .strictObject({
      timeout: duration.default(60_000),
      log: z.union([text, pattern], { error: 'expected a text (in TypeScript also a RegExp)' }).optional(),
      port: z.boolean().optional(),
    })
    .prefault({}),
  stop: z
    .strictObject({
      signal: z.enum(Object.keys(constants.signals) as [NodeJS.Signals]).default('SIGTERM'),
      grace: duration.default(5_000),
    })
    .prefault({}),
  logs: z
    .strictObject({
      maxSize: size.default(10 * 1024 ** 2),
      maxFiles: z.int().min(0, 'expected a whole number from 0').default(5),
      ring: size.default(256 * 1024),
    })
    .prefault({}),
} satisfies Record<keyof ProcessBase, z.ZodType>;

/** The keys of a process that are core's own. */
export const processKeys: readonly string[] = Object.keys(processShape);

/** The whole config but for the keys of plugins: those are parsed by the plugins' own schemas. */
export const configSchema: z.ZodType<ParsedConfig> = z.strictObject({
  // Where editors find the JSON Schema.
  $schema: z.string().optional(),
  plugins: z.array(z.unknown()).optional(),
  env,
  envFile: list('a file name'),
  processes: z.record(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'is no name of a process: 1 to 63 letters, digits, "-" and "_"')
      // The manager's own log stands beside those of the processes.
      .refine((name) => name !== 'promptbin', 'is the name of the manager itself'),
    z.strictObject(processShape),
  ),
});
