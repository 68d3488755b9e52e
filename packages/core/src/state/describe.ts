import type { ManagerEvent } from '../contract/events.ts';
import { describeListening, describeUsage } from './words.ts';

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
  try {
    return describeKnown(event);
  } catch {
    // Another version has recorded it, with other data.
    return info(event.type);
  }
}

function describeKnown(event: ManagerEvent): EventText {
  switch (event.type) {
    case 'manager.started':
      return describeStart(event);
    case 'manager.closing':
      return (event.data.failed === undefined ? info : error)(`stopping: ${event.data.why}`);
    case 'manager.closed':
      return debug(`manager ended (pid ${event.data.pid})`);
    case 'manager.defect':
      return error(`defect of promptbin: ${event.data.message}`);
    case 'config.loaded':
      return debug(`config loaded${event.data.file === undefined ? '' : ` from ${event.data.file}`}`);
    case 'config.reloaded':
      return info(describeReload(event));
    case 'config.rejected':
      return warn(`reload refused, nothing has changed: ${event.data.message}`);
    case 'command.called': {
      const { command, caller, code } = event.data;
      return debug(`${caller} called ${command}${code === undefined ? '' : `, refused by ${code}`}`);
    }
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
      return describeWaiting(event);
    case 'process.spawned': {
      const { name, pid, url, adopted, beside, back } = event.data;
      if (back) return warn(`${name} goes on with pid ${pid}: the run that was to replace it did not become ready`);
      if (beside !== undefined)
        return info(`${name} spawned (pid ${pid}) beside pid ${beside}, which serves until it is ready`);
      return info(
        `${name} ${adopted ? 'taken over from the manager before' : 'spawned'} (pid ${pid})${url === undefined ? '' : ` for ${url}`}`,
      );
    }
    case 'process.listening': {
      const { name, url, listening } = event.data;
      return listening === undefined
        ? info(`${name} listens at ${url} after all`)
        : warn(`${name} ${describeListening(listening)}`);
    }
    case 'process.notified':
      return debug(`${event.data.name} notified${event.data.text === '' ? '' : `: ${event.data.text}`}`);
    case 'process.exited': {
      const { name, exit } = event.data;
      const expected = exit.cause.code === 'requested' || (exit.code === 0 && !exit.condemned);
      return (expected ? debug : warn)(`${name}: ${exit.cause.message}`);
    }
    case 'process.retry':
      return warn(describeRetry(event));
    case 'process.condition':
      return describeCondition(event);
    case 'process.phase':
      return describePhase(event);
    case 'process.sample':
      return debug(`${event.data.name} ${event.data.cpuPercent} % CPU, ${event.data.memoryBytes} bytes`);
    case 'process.limitWarning':
      return warn(`${event.data.name} is near its limit: ${describeUsage(event.data)}`);
    case 'process.limitExceeded':
      return warn(
        `${event.data.name} is over its limit for ${event.data.forMs / 1000} s: ${describeUsage(event.data)}`,
      );
    case 'process.stopped': {
      const { name, killed, escaped, tookMs } = event.data;
      const took = `${name} ended in ${Math.round(tookMs)} ms`;
      if (escaped.length > 0) return error(`${took}, still alive: pid ${escaped.join(', ')}`);
      return killed.length > 0 ? warn(`${took}, killed pid ${killed.join(', ')} after the grace`) : debug(took);
    }
    case 'manager.guarded':
      return debug(`guarded by pid ${event.data.pid}`);
    case 'manager.cleared': {
      const { manager, at, ended, left } = event.data;
      const told = `the guardian of the manager before (pid ${manager}) has ended pid ${ended.join(', ')} at ${new Date(at).toISOString()}`;
      return left.length === 0 ? warn(told) : error(`${told}; still alive: pid ${left.join(', ')}`);
    }
    case 'manager.swept':
      return describeSwept(event);
    case 'process.signalled':
      return info(`${event.data.name} was sent ${event.data.signal}`);
    case 'process.logFault':
      return warn(`${event.data.name} log file: ${event.data.message}`);
    case 'journal.recovered':
      return warn(`journal: the last line was torn and is dropped (${event.data.bytes} bytes of ${event.data.file})`);
    case 'journal.fault':
      return warn(`journal: ${event.data.message}`);
    case 'journal.resumed':
      return info(`journal: written again${event.data.lost === 0 ? '' : `, ${event.data.lost} events are missing`}`);
    case 'journal.omitted':
      return debug(`${event.data.type} was not recorded: ${event.data.reason}`);
    case 'resource.changed':
      return debug(`resources have changed: ${event.data.uris.join(', ')}`);
    case 'plugin.fault':
      return warn(event.data.message);
    case 'plugin.muted':
      return error(`plugin "${event.data.plugin}" is muted after ${event.data.faults} faults`);
    default:
      return describeAdded(event);
  }
}

/** An event that a plugin added: its name is all that is known of it, but for a message that it has. */
function describeAdded({ type, data }: { readonly type: string; readonly data: object }): EventText {
  if (!('message' in data)) return debug(type);
  return (type.endsWith('Fault') ? warn : info)(String(data.message));
}

function describeStart({ data: { pid, previous } }: ManagerEvent<'manager.started'>): EventText {
  const text = `manager started (pid ${pid})`;
  if (previous === undefined || previous.endedCleanly) return debug(text);
  const before = previous.pid === undefined ? 'the one before' : `the one before (pid ${previous.pid})`;
  return warn(`${text}; ${before} ended without closing, last heard of at ${new Date(previous.lastAt).toISOString()}`);
}

function describeSwept({ data: { processes, left } }: ManagerEvent<'manager.swept'>): EventText {
  const names = [...new Set(processes.map(({ name }) => name))].join(', ');
  const pids = processes.map(({ pid }) => pid).join(', ');
  const told = `ended what the manager before had left of ${names}: pid ${pids}`;
  return left.length === 0 ? warn(told) : error(`${told}; still alive: pid ${left.join(', ')}`);
}

function describeReload({ data }: ManagerEvent<'config.reloaded'>): string {
  const { added, removed, restarted, updated } = data;
  const told = Object.entries({ added, removed, restarted, updated }).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`],
  );
  return `config reloaded${told.length === 0 ? '' : `: ${told.join('; ')}`}`;
}

function describeRetry({ data }: ManagerEvent<'process.retry'>): string {
  const { name, delayMs, attempt, port } = data;
  if (port === undefined) return `${name} retries in ${delayMs} ms (attempt ${attempt})`;
  return `${name} tries the next port${delayMs === 0 ? '' : ` in ${delayMs} ms`}`;
}

function describeWaiting({ data: { name, waitingFor, cause } }: ManagerEvent<'process.waiting'>): EventText {
  if (waitingFor.length === 0) return debug(`${name} waits no longer`);
  return (cause === undefined ? info : warn)(`${name} waits for ${waitingFor.join(', ')}`);
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
  const { status, reason, failing } = value;
  const why = value.message === undefined ? '' : `: ${value.message}`;
  const words = { true: condition, false: `not ${condition}`, unknown: `perhaps ${condition}` };
  const text = `${name} is ${words[status]}${why}`;
  // Reasons that come with every start, and what a process says of itself as often as it likes.
  if (reason === 'Starting' || reason === 'JobRunning' || reason === 'StatusText') return debug(text);
  if (failing?.verdict === 'flapping') {
    return reason === 'Flapping' ? warn(`${name} keeps turning between ${condition} and not${why}`) : debug(text);
  }
  if (status === 'false') return warn(text);
  return info(failing === undefined ? text : `${name} is ${words[status]}, but a check has failed${why}`);
}

/** The process that an event is about, if any. */
export function processOf(event: ManagerEvent): string | undefined {
  return 'name' in event.data ? event.data.name : undefined;
}
