import type { ManagerEvent } from '../contract/events.ts';

export interface EventText {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

const debug = (text: string): EventText => ({ level: 'debug', text });
const info = (text: string): EventText => ({ level: 'info', text });
const warn = (text: string): EventText => ({ level: 'warn', text });
const error = (text: string): EventText => ({ level: 'error', text });

/** One sentence for people, the same in the terminal, in `why` and over MCP. `debug` is what other events tell better. */
export function describeEvent(event: ManagerEvent): EventText {
  switch (event.type) {
    case 'manager.started':
      return debug(`manager started (pid ${event.data.pid})`);
    case 'manager.closing':
      return info(`stopping: ${event.data.why}`);
    case 'manager.defect':
      return error(`defect of promptbin: ${event.data.message}`);
    case 'config.loaded':
      return debug(`config loaded${event.data.file === undefined ? '' : ` from ${event.data.file}`}`);
    case 'config.reloaded':
      return info(describeReload(event));
    case 'config.rejected':
      return warn(`reload refused, nothing has changed: ${event.data.message}`);
    case 'process.added':
      return info(`${event.data.name} was added to the config`);
    case 'process.configured': {
      const { name, action, paths } = event.data;
      return info(`${name} has other settings${action === 'restart' ? ' and begins anew' : ''}: ${paths.join(', ')}`);
    }
    case 'process.removed':
      return info(`${event.data.name} was removed from the config`);
    case 'process.desired':
      return debug(`${event.data.name} wanted ${event.data.desired}: ${event.data.cause.message}`);
    case 'process.waiting':
      return info(`${event.data.name} waits for ${event.data.waitingFor.join(', ')}`);
    case 'process.spawned': {
      const { name, pid, url } = event.data;
      return info(`${name} spawned (pid ${pid})${url === undefined ? '' : ` for ${url}`}`);
    }
    case 'process.exited': {
      const { name, exit } = event.data;
      const expected = exit.cause.code === 'requested' || (exit.code === 0 && !exit.condemned);
      return (expected ? debug : warn)(`${name}: ${exit.cause.message}`);
    }
    case 'process.retry':
      return warn(`${event.data.name} retries in ${event.data.delayMs} ms (attempt ${event.data.attempt})`);
    case 'process.condition':
      return describeCondition(event);
    case 'process.phase':
      return describePhase(event);
    case 'process.sample':
      return debug(`${event.data.name} ${event.data.cpuPercent} % CPU, ${event.data.memoryBytes} bytes`);
    case 'process.stopped': {
      const { name, killed, escaped, tookMs } = event.data;
      const took = `${name} ended in ${Math.round(tookMs)} ms`;
      if (escaped.length > 0) return error(`${took}, still alive: pid ${escaped.join(', ')}`);
      return killed.length > 0 ? warn(`${took}, killed pid ${killed.join(', ')} after the grace`) : debug(took);
    }
    case 'process.logFault':
      return warn(`${event.data.name} log file: ${event.data.message}`);
    case 'plugin.fault':
      return warn(event.data.message);
    case 'plugin.muted':
      return error(`plugin "${event.data.plugin}" is muted after ${event.data.faults} faults`);
    default:
      // An event that a plugin added: its own name is all that is known of it.
      return debug((event as ManagerEvent).type);
  }
}

function describeReload({ data }: ManagerEvent<'config.reloaded'>): string {
  const { added, removed, restarted, updated } = data;
  const told = Object.entries({ added, removed, restarted, updated }).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`],
  );
  return `config reloaded${told.length === 0 ? '' : `: ${told.join('; ')}`}`;
}

function describePhase({ data }: ManagerEvent<'process.phase'>): EventText {
  const { name, from, to, by, cause } = data;
  const why = cause === undefined ? '' : `: ${cause.message}`;
  switch (to) {
    case 'waiting':
      return by === 'start' ? debug(`${name} is to start${why}`) : info(`${name} starts again${why}`);
    case 'stopping':
      return info(`${name} is ending${why}`);
    case 'failed':
      return error(`${name} has failed${why}`);
    case 'stopped':
    case 'completed':
      return info(`${name} has ${to}`);
    default:
      return debug(`${name} ${from} → ${to}${why}`);
  }
}

function describeCondition({ data }: ManagerEvent<'process.condition'>): EventText {
  const { name, condition, value } = data;
  const words = { true: condition, false: `not ${condition}`, unknown: `perhaps ${condition}` };
  const text = `${name} is ${words[value.status]}${value.message === undefined ? '' : `: ${value.message}`}`;
  // Reasons that come with every start.
  if (value.reason === 'Starting' || value.reason === 'JobRunning') return debug(text);
  return value.status === 'false' ? warn(text) : info(text);
}

/** The process that an event is about, if any. */
export function processOf(event: ManagerEvent): string | undefined {
  return 'name' in event.data ? event.data.name : undefined;
}
