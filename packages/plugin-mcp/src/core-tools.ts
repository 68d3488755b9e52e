import { type CommandResult, type CommandSpec, phases, toolSpecs } from '@promptbin/core/views';
import * as z from 'zod';
import { coreAnswer } from './core-answer.ts';
import { annotations, describeTool, type Tool } from './tools.ts';

/** Claude Desktop gives a call up after 60 s: a wait must have answered before. */
const maxWaitSec = 50;
const waits = ['timeoutSec', 'waitSec'];

// Clients check the answer of a failed call against the schema as well, so only what every answer has is required.
const status = {
  name: z.string().optional(),
  phase: z.enum(phases).optional(),
  ready: z.boolean().optional(),
  pid: z.number().optional(),
  port: z.number().optional(),
  url: z.string().optional(),
  restarts: z.number().optional(),
  cause: z.looseObject({ code: z.string(), message: z.string() }).optional(),
};
const line = z.looseObject({ seq: z.number(), stream: z.string(), text: z.string() });

const outputs: Readonly<Record<string, z.ZodRawShape>> = {
  list_processes: { processes: z.array(z.looseObject(status)).optional(), eventCursor: z.number().optional() },
  get_process: {
    ...status,
    logCursor: z.number().optional(),
    probes: z.array(z.looseObject({ by: z.string(), ok: z.boolean() })).optional(),
    errors: z.array(z.looseObject({ message: z.string(), count: z.number() })).optional(),
  },
  explain_process: {
    verdict: z.enum(['up', 'degraded', 'starting', 'down']).optional(),
    cause: status.cause,
    evidence: z.array(z.string()).optional(),
    next: z.array(z.string()).optional().describe('Tool calls that help now.'),
    logCursor: z.number().optional(),
  },
  read_logs: {
    lines: z.array(line).optional(),
    nextCursor: z.number().optional(),
    dropped: z.number().optional(),
    truncated: z.boolean().optional(),
    filteredOut: z.number().optional().describe('Lines of health checks, hidden.'),
  },
  wait_for_process: {
    ...status,
    met: z.boolean().optional(),
    reason: z.string().optional().describe('Why it is not met.'),
    waitedMs: z.number().optional(),
    matchedLine: z.object({ seq: z.number(), text: z.string() }).optional(),
    newLogs: z.array(line).optional(),
    logCursor: z.number().optional(),
  },
  list_events: {
    events: z.array(z.looseObject({ seq: z.number(), at: z.string(), type: z.string(), text: z.string() })).optional(),
    nextCursor: z.number().optional(),
    dropped: z.number().optional(),
  },
  start_process: {
    ...status,
    changed: z.boolean().optional(),
    met: z.boolean().optional(),
    newLogs: z.array(line).optional(),
  },
  restart_process: {
    ...status,
    changed: z.boolean().optional(),
    met: z.boolean().optional(),
    newLogs: z.array(line).optional(),
  },
  send_signal: { name: status.name, signal: z.string().optional(), pid: status.pid },
  send_input: { name: status.name, bytes: z.number().optional(), logCursor: z.number().optional() },
  reload_config: { applied: z.boolean().optional(), processes: z.array(z.looseObject({})).optional() },
  stop_process: { ...status, receipt: z.looseObject({ escaped: z.array(z.number()) }).optional() },
};

/** Always the same ones in the same order, with or without a manager. */
export const coreTools: readonly Tool[] = toolSpecs.flatMap((spec) =>
  spec.tool === undefined ? [] : [toolOf(spec, spec.tool)],
);

function toolOf(spec: CommandSpec, name: string): Tool {
  const input = z.toJSONSchema(spec.input, { io: 'input' });
  for (const field of waits) {
    const wait = input.properties?.[field];
    if (typeof wait === 'object') wait.maximum = maxWaitSec;
  }
  return {
    command: spec.name,
    effect: spec.effect,
    toolset: spec.toolset,
    listed: {
      ...describeTool(name, { ...spec, input, output: z.toJSONSchema(z.object(outputs[name])) }),
      // Start and stop ensure a state; a second restart is a second outage.
      annotations: annotations(spec.effect, { idempotent: name === 'start_process' || name === 'stop_process' }),
    },
    parse: (args) => parseInput(spec, args),
    answer: (result) => coreAnswer(spec, result),
  };
}

/** The input with its defaults, waits cut to 50 s; on failure every mistake with its path. */
function parseInput(spec: CommandSpec, args: unknown): CommandResult {
  const parsed = spec.input.safeParse(capWait(args));
  if (parsed.success) return { ok: true, value: parsed.data };
  const mistakes = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join('.')}: ${message}` : message,
  );
  const known = Object.keys(z.toJSONSchema(spec.input, { io: 'input' }).properties ?? {});
  return {
    ok: false,
    error: {
      code: 'PB_COMMAND_INPUT',
      message: `The input of ${spec.tool} does not fit. ${mistakes.join('; ')}.`,
      hint: `Call ${spec.tool} again with ${known.length ? `only these fields: ${known.join(', ')}` : 'no fields'}.`,
    },
  };
}

function capWait(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args ?? {};
  return Object.fromEntries(
    Object.entries(args).map(([field, value]) => [
      field,
      waits.includes(field) && typeof value === 'number' ? Math.min(value, maxWaitSec) : value,
    ]),
  );
}
