import { duration } from '@promptbin/core';
import * as z from 'zod';
import type { HealthFields } from './fields.ts';
import { type MetricsAddress, type MetricsOption, metricsOption } from './metrics/settings.ts';
import { completePlan, type HealthPlan, type Mistake, type ParsedCheck } from './plan.ts';
import { givenMeans, type ParsedMeans, withPort } from './probes/means.ts';
import { meansShape } from './probes/settings.ts';
import { limitShape, type SampleOption, type Sampling, sampleOption } from './resources/settings.ts';

// Descriptions are what editors show; they hold in every format of a config.

// Below this, polling itself becomes the load.
const period = duration.refine((ms) => ms >= 10, 'expected at least 10 ms').optional();
const timeout = duration.refine((ms) => ms >= 1, 'expected at least 1 ms').optional();
const count = z.int().min(1).max(1000).optional();

const startup = z.strictObject({
  ...meansShape,
  period: period.describe('From the start of one check to the start of the next. Default: `250ms`.'),
  timeout: timeout.describe('For one check. Default: as around it, else `2s`.'),
  initialDelay: duration.optional().describe('From the spawn to the first check. Default: `0`.'),
  failureThreshold: count.describe(
    'Failed checks in a row that end the start early. Default: none, `ready.timeout` ends it.',
  ),
  successThreshold: count.describe(
    'Good checks in a row. Default: `1`, or what readiness asks for where that asks by the same means.',
  ),
});

const check = z.strictObject({
  ...meansShape,
  period: period.describe(
    'From the start of one check to the start of the next. Default: `shared.mcp.health_check_interval`, else `10s`.',
  ),
  timeout: timeout.describe('For one check, retries included. Default: `2s`.'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe('How often a failed check is tried again, as long as its timeout lasts. Default: `2`.'),
  failureThreshold: count.describe('Failed checks in a row that turn the status. Default: `3`.'),
  successThreshold: count.describe('Good checks in a row that turn it back. Default: `1`.'),
  initialDelay: duration.optional().describe('From being ready to the first check. Default: `0`.'),
});

const flapping = z
  .strictObject({
    changes: z.int().min(2).max(1000).default(4).describe('More changes than this within the window are flapping.'),
    window: duration
      .refine((ms) => ms >= 1000, 'expected at least 1 s')
      .default(300_000)
      .describe('How far back changes count. Default: `5m`.'),
  })
  .prefault({})
  .transform(({ changes, window }) => ({ changes, windowMs: window }))
  .describe('When a check turns between good and bad too often for each change to be told.');

const settings = z.strictObject({
  ...check.shape,
  ...limitShape,
  port: z.int().min(1).max(65_535).optional().describe('For `http` and `tcp`. Default: the port of the process.'),
  startup: startup
    .optional()
    .describe('While it starts: must pass before the others are asked, until `ready.timeout` ends the start.'),
  readiness: check
    .optional()
    .describe('Whether it can serve: keeps the condition `ready`. What is left out is as in the fields around it.'),
  liveness: check
    .optional()
    .describe(
      'Whether it works at all: keeps the condition `healthy`. What is left out is as in the fields around it.',
    ),
  flapping,
});

type Settings = z.output<typeof settings>;

const path = z.string().startsWith('/', 'expected a path that starts with "/", such as "/health"');

export const fields: z.ZodType<HealthPlan, HealthFields> = z
  .union([path.transform((http) => settings.parse({ http })), settings])
  .transform((parsed, context) => {
    const made = planOf(parsed);
    if ('plan' in made) return made.plan;
    // Where a key is misspelt, what is missing is no second mistake.
    if (context.issues.length === 0) context.issues.push({ code: 'custom', input: parsed, ...made.mistake });
    return z.NEVER;
  })
  .describe(
    'How to check it, and what it may use. A path alone means startup, readiness and liveness by `http` on it.',
  );

function planOf({ memory, cpu, port, ...parsed }: Settings): { plan: HealthPlan } | { mistake: Mistake } {
  const probes = { startup: parsed.startup, readiness: parsed.readiness, liveness: parsed.liveness };
  for (const [kind, probe] of Object.entries({ ...probes, '': parsed })) {
    const [first, second] = probe === undefined ? [] : givenMeans(probe);
    if (first === undefined || second === undefined) continue;
    const message = `expected one means, and "${first.kind}" is given as well`;
    return { mistake: { path: kind === '' ? [second.kind] : [kind, second.kind], message } };
  }
  const withMeans = <P extends ParsedMeans>(probe: P): P & ParsedCheck => {
    const [means] = givenMeans(probe);
    return { ...probe, means: means && withPort(means, port) };
  };
  return completePlan({
    ...withMeans(parsed),
    startup: probes.startup && withMeans(probes.startup),
    readiness: probes.readiness && withMeans(probes.readiness),
    liveness: probes.liveness && withMeans(probes.liveness),
    limits: { memory, cpu },
  });
}

export interface HealthOptions {
  /** How often CPU and memory of all processes are taken; false for never. Default every 5 s while somebody looks, else every 5 min. */
  sample?: SampleOption | undefined;
  /** Serves `GET /metrics` for Prometheus, to programs of this machine only. Default: off. */
  metrics?: MetricsOption | undefined;
}

export interface ParsedOptions {
  /** Undefined for no samples but those that limits need. */
  readonly sample: Sampling | undefined;
  readonly metrics: MetricsAddress | undefined;
}

export const options: z.ZodType<ParsedOptions, HealthOptions | undefined> = z
  .strictObject({ sample: sampleOption, metrics: metricsOption })
  .default({ sample: sampleOption.parse(undefined), metrics: undefined });
