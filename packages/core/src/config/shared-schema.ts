import * as z from 'zod';
import type { Json, SharedInput } from '../contract/config.ts';
import { portNumber } from './port-schema.ts';
import { text } from './shapes.ts';

const seconds = z.number('expected a number of seconds').min(0, 'expected seconds, 0 or more');

const flask = z.strictObject({
  port: portNumber.default(5000).describe('The port to try first; the real one is written into the file.'),
  debug: z.boolean().default(false).describe("Flask's debug mode."),
  host: text.default('127.0.0.1').describe('The address to listen on.'),
} satisfies Record<keyof NonNullable<SharedInput['flask']>, z.ZodType>);

const mcp = z.strictObject({
  health_check_interval: seconds
    .gt(0, 'expected seconds, more than 0')
    .default(30)
    .describe('Seconds between two checks: the default `period` of plugin-health.'),
  restart_threshold: z
    .int()
    .min(0, 'expected a whole number from 0')
    .default(3)
    .describe('Restarts that are not yet a crash loop: the default `maxRestarts` of plugin-restart.'),
  shutdown_timeout: seconds
    .default(10)
    .describe('Seconds from the stop signal to SIGKILL: the default `stop.grace` of every process.'),
} satisfies Record<keyof NonNullable<SharedInput['mcp']>, z.ZodType>);

const logging = z.strictObject({
  level: z
    .enum(['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'])
    .default('INFO')
    .describe('The default of `PROMPTBIN_LOG_LEVEL`.'),
  format: z.enum(['json', 'text']).default('json').describe('How the processes write their logs.'),
} satisfies Record<keyof NonNullable<SharedInput['logging']>, z.ZodType>);

const json: z.ZodType<Json> = z.json();

/** A section that is given is completed; one that is not stays away. Sections of other names are the project's own. */
export const sharedSchema: z.ZodType<SharedInput> = z
  .object({
    flask: flask.optional().describe('Where the web app listens.'),
    mcp: mcp.optional().describe('How the manager looks after the processes.'),
    logging: logging.optional().describe('How the processes log.'),
    runtime: z
      .unknown()
      .refine(() => false, 'expected nothing: promptbin itself writes it')
      .optional()
      .meta({ not: {} }),
  })
  // The index signature of the type takes in the four above.
  .catchall(json) as unknown as z.ZodType<SharedInput>;
