import * as z from 'zod';
import { isLoopback } from './loopback.ts';

/** Serves `GET /metrics` for Prometheus, to programs of this machine only. */
export interface MetricsOption {
  port: number;
  /** A loopback address. Default 127.0.0.1. */
  host?: string | undefined;
}

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

export const metricsOption: z.ZodType<MetricsAddress | undefined, MetricsOption | undefined> = z
  .strictObject({
    port: z.int().min(1).max(65_535).describe('The port to listen on.'),
    host: z
      .string()
      .refine(isLoopback, 'expected a loopback address, such as "127.0.0.1" or "::1"; other machines are not served')
      .default('127.0.0.1')
      .describe('The address to listen on; loopback only.'),
  })
  .optional()
  .describe('Serves `GET /metrics` for Prometheus, to programs of this machine only. Default: off.');
