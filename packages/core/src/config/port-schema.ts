import * as z from 'zod';
import type { PortOptions } from '../contract/process-options.ts';
import { list, type Shape, text } from './shapes.ts';

/** What is left out is as in the section of `shared` that describes the process. */
export interface ParsedPort {
  preferred?: number | 'auto' | undefined;
  strict?: boolean;
  host?: string | undefined;
  env?: readonly string[];
  handoff?: boolean;
  overlap?: boolean;
}

export const portNumber: z.ZodType<number, number> = z
  .int('expected a port from 0 to 65535')
  .min(0, 'expected a port from 0 to 65535')
  .max(65_535, 'expected a port from 0 to 65535');

const portOptions = z.strictObject({
  preferred: portNumber
    .optional()
    .describe("The port to try first. Default: the section's of `shared`, else any free port."),
  strict: z
    .boolean()
    .default(false)
    .describe(
      'Fail when the preferred port is taken, naming its holder, instead of taking the next free one; and do not follow an app that listens elsewhere.',
    ),
  host: text.optional().describe("The address to listen on. Default: the section's of `shared`, else `127.0.0.1`."),
  env: list('the name of a variable').describe(
    'Variables that tell the process its port, beside `PORT` and `PROMPTBIN_PORT`.',
  ),
  handoff: z
    .boolean()
    .default(false)
    .describe(
      'promptbin opens the port and hands it to the process as descriptor 3 (`LISTEN_FDS=1`): while a crash or a restart lasts, connections wait instead of being refused. The process must take it over.',
    ),
  overlap: z
    .boolean()
    .default(false)
    .describe(
      'On a restart that is asked for, the new run begins while the old one serves, which is stopped when the new one is ready. When that does not become ready, the old one goes on. Needs `handoff`.',
    ),
} satisfies Shape<PortOptions>);

export const port: z.ZodType<ParsedPort> = z
  .union([portNumber, z.literal('auto'), portOptions], {
    error: 'expected a port from 0 to 65535, "auto" or an object',
  })
  .transform((value): ParsedPort => {
    // Port 0 is how the sockets API spells "any free port".
    if (typeof value !== 'object') return { preferred: value || 'auto' };
    return { ...value, preferred: value.preferred === 0 ? 'auto' : value.preferred };
  });
