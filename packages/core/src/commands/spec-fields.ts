import * as z from 'zod';
import type { CommandSpec } from '../contract/commands.ts';

// What the inputs of several commands have in common.

export type Spec<I> = CommandSpec<z.ZodType<I>>;

export const name: z.ZodString = z.string().min(1).describe('Name of the process.');
export const timeoutSec: z.ZodDefault<z.ZodNumber> = z
  .number()
  .min(0)
  .max(3600)
  .default(30)
  .describe('How long to wait, in seconds.');
