import * as z from 'zod';
import type { DependencyState, EnvInput, ProcessBase } from '../contract/config.ts';
import { attributesShape, type ParsedAttributes } from './attributes-schema.ts';
import { signalName } from './command-schema.ts';
import { logsShape, type ParsedLogs } from './logs-schema.ts';
import { type ParsedPort, port } from './port-schema.ts';
import { env, list, objectLike, type Shape, text } from './shapes.ts';
import { duration } from './units.ts';

// Descriptions are what editors show and what docs/config.md is made of; they hold in every format. A default that
// stands in the schema is told after them, so they do not repeat it.

/** A process after its schema: defaults filled in, shorthands written out. */
export interface ParsedProcess extends ParsedAttributes {
  command: string | readonly string[];
  shell: boolean;
  cwd: string;
  kind: 'service' | 'job';
  env: EnvInput;
  envFile: readonly string[];
  port?: ParsedPort | undefined;
  dependsOn: Record<string, DependencyState>;
  autostart: boolean;
  essential: boolean;
  protected: boolean;
  stdin: 'ignore' | 'pipe';
  tty: boolean;
  onDependencyRestart: 'keep' | 'restart' | 'stop';
  onManagerDeath: 'stop' | 'keep';
  shared?: string | undefined;
  ready: { timeout: number; log?: string | RegExp | undefined; port?: boolean | undefined };
  stop: { signal: NodeJS.Signals; grace?: number | undefined };
  logs: ParsedLogs;
}

const command = z
  .union([z.string().meta({ pattern: '\\S' }), z.array(z.string()).meta({ minItems: 1 })], {
    error: 'expected a command line or a list of its words',
  })
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
  command: command.describe(
    'The program and its arguments. A text is split into words, without a shell; `{port}` and `{host}` are expanded.',
  ),
  shell: z.boolean().default(false).describe('Run `command` by `/bin/sh -c`; it must be one text then.'),
  cwd: text.default('.').describe('The working directory, relative to the folder of the config.'),
  kind: z
    .enum(['service', 'job'])
    .default('service')
    .describe('A `service` goes on; a `job` ends, and is ready when it has completed.'),
  env: env.describe('Variables of this process. They win over all others; `null` takes one out.'),
  envFile: list('a file name').describe(
    'Files with variables, relative to the folder of the config. Later files win, and `env` wins over them.',
  ),
  port: port
    .optional()
    .describe('The port to listen on: a number (the next free one, when it is taken), `auto`, or an object.'),
  dependsOn: dependsOn.describe(
    'Processes that must have `started`, be `ready` or have `completed` before this one starts. A list means `ready`.',
  ),
  autostart: z.boolean().default(true).describe('Start it with `promptbin up`, not only when it is asked for.'),
  essential: z
    .boolean()
    .default(false)
    .describe('When it has failed for good, the manager ends, and `promptbin up` with exit code 1.'),
  protected: z.boolean().default(false).describe('An agent must have a person agree before it stops or restarts it.'),
  tty: z
    .boolean()
    .default(false)
    .describe('Run it in a terminal of its own, which `promptbin attach` shows. Needs the package @lydell/node-pty.'),
  stdin: z
    .enum(['ignore', 'pipe'])
    .default('ignore')
    .describe('What it reads from: nothing, or a pipe that `process.send` writes lines to.'),
  onDependencyRestart: z
    .enum(['keep', 'restart', 'stop'])
    .default('keep')
    .describe(
      'What becomes of it, while it is up, when a process that it depends on has been started anew: it goes on, is restarted as soon as the other is there again, or is stopped.',
    ),
  onManagerDeath: z
    .enum(['stop', 'keep'])
    .default('stop')
    .describe(
      'What becomes of it when the manager is killed: it is ended, or goes on, and the next manager takes it over. `keep` is for services on Linux that write their log by themselves (`logs.mode`: `direct`).',
    ),
  shared: text
    .optional()
    .describe(
      'The section of `shared` that describes this process: its `port` and `host` are the default of `port`, and the real ones are written into it before each start.',
    ),
  ready: z
    .strictObject({
      timeout: duration.prefault('60s').describe('How long it may take to become ready. A timeout is a failure.'),
      log: z
        .union([text, pattern], { error: 'expected a text (in TypeScript also a RegExp)' })
        .optional()
        .describe('Text in a line of output that says it is ready. In TypeScript also a RegExp.'),
      port: z
        .boolean()
        .optional()
        .describe('Wait until the process itself listens on its port. Default: true for a service with a port.'),
    } satisfies Shape<ProcessBase['ready']>)
    .prefault({})
    .describe('What must hold before the process counts as ready: all of it, and what plugins add.'),
  stop: z
    .strictObject({
      signal: signalName.default('SIGTERM').describe('Sent to the whole process group.'),
      grace: duration
        .optional()
        .describe('From the signal to SIGKILL. Default: `shared.mcp.shutdown_timeout`, else `5s`.'),
    } satisfies Shape<ProcessBase['stop']>)
    .prefault({})
    .describe('How the process is ended.'),
  logs: logsShape,
  ...attributesShape,
} satisfies Shape<ProcessBase>;

/** The keys of a process that are core's own. */
export const processKeys: readonly string[] = Object.keys(processShape);

/** A process with the keys that plugins add to it. */
export function processSchemaWith(fields: Readonly<Record<string, z.ZodType>>): z.ZodType<ParsedProcess> {
  return z.strictObject({ ...processShape, ...fields }, { error: objectLike('{ "command": "node server.js" }') });
}
