import type { Duration } from '@promptbin/core';
import type { MeansFields } from './probes/fields.ts';
import type { LimitFields } from './resources/settings.ts';

interface Timing {
  /** From the start of one check to the start of the next. Default: `shared.mcp.health_check_interval`, else 10 s. */
  period?: Duration | undefined;
  /** For one check, retries included. Default 2 s. */
  timeout?: Duration | undefined;
  /** How often a failed check is tried again, as long as its timeout lasts. Default 2. */
  retries?: number | undefined;
  /** Failed checks in a row that turn the status. Default 3. */
  failureThreshold?: number | undefined;
  /** Good checks in a row that turn it back. Default 1. */
  successThreshold?: number | undefined;
  /** From being ready to the first check. Default 0. */
  initialDelay?: Duration | undefined;
}

/** One of readiness and liveness; what is left out is as in the fields around it. */
export interface CheckFields extends MeansFields, Timing {}

/** Checks while it starts, until they pass or `ready.timeout` ends the start. */
export interface StartupFields extends MeansFields {
  /** Default 250 ms. */
  period?: Duration | undefined;
  /** For one check. Default: as around it, else 2 s. */
  timeout?: Duration | undefined;
  /** From the spawn to the first check. Default 0. */
  initialDelay?: Duration | undefined;
  /** Failed checks in a row that end the start early. Default: none, `ready.timeout` ends it. */
  failureThreshold?: number | undefined;
  /** Good checks in a row. Default 1, or what readiness asks for where that asks by the same means. */
  successThreshold?: number | undefined;
}

/** When changes are too many to tell each of them. */
export interface FlappingFields {
  /** More changes than this within the window are flapping. Default 4. */
  changes?: number | undefined;
  /** Default 5 min. */
  window?: Duration | undefined;
}

/** A string is the path of `http`. */
export type HealthFields =
  | string
  | (CheckFields &
      LimitFields & {
        /** For `http` and `tcp`. Default: the port of the process. */
        port?: number | undefined;
        startup?: StartupFields | undefined;
        readiness?: CheckFields | undefined;
        liveness?: CheckFields | undefined;
        flapping?: FlappingFields | undefined;
      });
