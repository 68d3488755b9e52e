import * as z from 'zod';
import { type Level, levels } from '../state/level.ts';
import { name, type Spec, timeoutSec } from './spec-fields.ts';

// The inputs of the commands that look at what goes on, and wait for it.

// What is longer than a line of code is no pattern that somebody has written for this.
const pattern: z.ZodString = z.string().min(1).max(500);

export interface LogsInput {
  name: string;
  cursor?: number | undefined;
  tail: number;
  grep?: string | undefined;
  level?: Level | undefined;
  stream: 'all' | 'out' | 'err';
  contextLines: number;
  maxBytes: number;
}
export interface WaitInput {
  name: string;
  until: 'ready' | 'running' | 'exited' | 'stopped' | 'log';
  pattern?: string | undefined;
  cursor?: number | undefined;
  timeoutSec: number;
}
export interface EventsInput {
  cursor?: number | undefined;
  name?: string | undefined;
  waitSec: number;
  limit: number;
}
export const logsSpec: Spec<LogsInput> = {
  name: 'process.logs',
  tool: 'read_logs',
  summary: 'Output of a process: the newest lines, or those after a cursor, by pattern or level. Repeats are one line.',
  effect: 'read',
  input: z.strictObject({
    name,
    cursor: z.number().int().min(0).optional().describe('Only lines after this; nextCursor of the last answer.'),
    tail: z.number().int().min(1).max(500).default(50).describe('At most this many lines, the newest.'),
    grep: pattern.optional().describe('Only lines with this regular expression (RE2; "(?i)" ignores case).'),
    level: z.enum(levels).optional().describe('Only lines of this level or worse, with their tracebacks.'),
    stream: z.enum(['all', 'out', 'err']).default('all'),
    contextLines: z.number().int().min(0).max(20).default(0).describe('Lines around each that fits.'),
    maxBytes: z.number().int().min(200).max(40_000).default(8000).describe('Cap of the text, bytes.'),
  }),
};

export const waitSpec: Spec<WaitInput> = {
  name: 'process.wait',
  tool: 'wait_for_process',
  summary: 'Waits until a process is ready, running, exited, stopped, or writes a line. Says why when it will not.',
  effect: 'read',
  input: z
    .strictObject({
      name,
      until: z.enum(['ready', 'running', 'exited', 'stopped', 'log']).default('ready'),
      pattern: pattern.optional().describe('With until=log: a regular expression (RE2).'),
      cursor: z.number().int().min(0).optional().describe('With until=log: lines after this count, too.'),
      timeoutSec,
    })
    .refine((input) => (input.until === 'log') === (input.pattern !== undefined), {
      path: ['pattern'],
      message: 'is a must with "until": "log", and for nothing else',
    }),
};

export const eventsSpec: Spec<EventsInput> = {
  name: 'event.list',
  tool: 'list_events',
  summary:
    'What has happened, in sentences: the newest, or what came after a cursor. Can wait for something to happen.',
  effect: 'read',
  input: z.strictObject({
    cursor: z.number().int().min(0).optional().describe('Only events after this; nextCursor of the last answer.'),
    name: z.string().min(1).optional().describe('Only events of this process.'),
    waitSec: z.number().min(0).max(3600).default(0).describe('Wait so long for one, when there is none, in seconds.'),
    limit: z.number().int().min(1).max(500).default(50),
  }),
};
