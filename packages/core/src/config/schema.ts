import * as z from 'zod';
import type { Config, EnvInput, SharedInput } from '../contract/config.ts';
import { type ParsedProcess, processSchemaWith } from './process-schema.ts';
import { env, list, objectLike, text } from './shapes.ts';
import { sharedSchema } from './shared-schema.ts';

export interface ParsedConfig {
  env: EnvInput;
  envFile: readonly string[];
  secrets: readonly string[];
  shared?: SharedInput | undefined;
  processes: Record<string, ParsedProcess>;
}

const processName = z
  .string()
  // No flag "i": a JSON Schema has none.
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'is no name of a process: 1 to 63 letters, digits, "-" and "_"')
  // The manager's own log stands beside those of the processes.
  .refine((name) => name !== 'promptbin', 'is the name of the manager itself')
  .meta({ not: { const: 'promptbin' } });

function shapeWith(fields: Readonly<Record<string, z.ZodType>>) {
  return {
    $schema: z.string().optional().describe('Where editors find the JSON Schema. Promptbin itself does not read it.'),
    extends: list('a file name').describe(
      'Config files that this one builds on, relative to it. Later ones win, and this file wins over all.',
    ),
    plugins: z
      .array(z.unknown(), 'expected a list such as ["@promptbin/plugin-health"]')
      .optional()
      .describe(
        'Plugins by their packages, or pairs of a package and its options; each may add a key to every process.',
      ),
    env: env.describe("Variables of every process; a process's own win, and `null` takes one out."),
    envFile: list('a file name').describe(
      'Files with variables for every process, relative to the folder of the config. Later files win, and `env` wins over them.',
    ),
    secrets: z
      .array(text)
      .default([])
      .describe(
        'Names of variables whose values are never shown, beside the usual ones such as `*_TOKEN`. `*` stands for anything, and `!NAME` takes one out.',
      ),
    shared: sharedSchema
      .optional()
      .describe('What promptbin and its processes both read; written as JSON before each start.'),
    processes: z
      .record(processName, processSchemaWith(fields), {
        error: objectLike('{ "web": { "command": "node server.js" } }'),
      })
      .describe('The processes by their names.'),
  } satisfies Record<keyof Config | '$schema', z.ZodType>;
}

/** The whole config, with the keys that plugins add to a process. */
export function configSchemaWith(fields: Readonly<Record<string, z.ZodType>>): z.ZodType<ParsedConfig> {
  return z.strictObject(shapeWith(fields));
}

export const configKeys: readonly string[] = Object.keys(shapeWith({}));

/** The whole config but for the keys of plugins: those are parsed by the plugins' own schemas. */
export const configSchema: z.ZodType<ParsedConfig> = configSchemaWith({});
