import * as z from 'zod';
import type { ProcessBase } from '../contract/config.ts';
import { size } from './units.ts';

export interface ParsedLogs {
  mode: 'pipe' | 'direct';
  format: 'raw' | 'json';
  /** Bytes. */
  maxSize: number;
  maxFiles: number;
  compress: boolean;
  /** Bytes. */
  ring: number;
}

/** How output is kept. */
export const logsShape: z.ZodType<ParsedLogs> = z
  .strictObject({
    mode: z
      .enum(['pipe', 'direct'])
      .default('pipe')
      .describe(
        '`pipe`: the manager reads the output and writes the file. `direct`: the process writes the file by itself, even when the manager is gone.',
      ),
    format: z
      .enum(['raw', 'json'])
      .default('raw')
      .describe('What is in the file: the output as it is, or a JSON record of each line.'),
    maxSize: size.prefault('10mb').describe('The log file is rotated at this size.'),
    maxFiles: z
      .int()
      .min(0, 'expected a whole number from 0')
      .default(5)
      .describe('How many rotated log files are kept.'),
    compress: z.boolean().default(false).describe('Compress rotated log files: `web.log.1.gz`.'),
    ring: size.prefault('256kb').describe('How much of the newest output is kept in memory.'),
  } satisfies Readonly<Record<keyof NonNullable<ProcessBase['logs']>, z.ZodType>>)
  .prefault({})
  .describe('How output is kept.');
