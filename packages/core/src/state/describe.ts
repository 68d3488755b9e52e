import type { ManagerEvent } from '../contract/events.ts';
import type { Phase } from '../contract/process.ts';

export interface EventText {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

const levels: Readonly<Partial<Record<Phase, EventText['level']>>> = { failed: 'error', backoff: 'warn' };

/** One sentence for people, the same in the terminal, in `why` and over MCP. */
export function describeEvent(event: ManagerEvent): EventText {
  const info = (text: string): EventText => ({ level: 'info', text });
  const debug = (text: string): EventText => ({ level: 'debug', text });
  const warn = (text: string): EventText => ({ level: 'warn', text });
  switch (event.type) {
    case 'manager.started':
      return info(`manager started (pid ${event.data.pid})`);
    case 'manager.closing':
      return info(`stopping: ${event.data.why}`);
    case 'manager.defect':
      return { level: 'error', text: `defect of promptbin: ${event.data.message}` };
    case 'config.loaded':
      return debug(`config loaded${event.data.file === undefined ? '' : ` from ${event.data.file}`}`);
    case 'process.desired':
      return debug(`${event.data.name} wanted ${event.data.desired}: ${event.data.cause.message}`);
    case 'process.waiting':
      return info(`${event.data.name} waits for ${event.data.waitingFor.join(', ')}`);
    case 'process.spawned': {
      const { name, pid, url } = event.data;
      return info(`${name} spawned (pid ${pid})${url === undefined ? '' : ` for ${url}`}`);
    }
    case 'process.exited':
      return warn(`${event.data.name} ended: ${event.data.exit.cause.message}`);
    case 'process.retry':
      return warn(`${event.data.name} retries in ${event.data.delayMs} ms (attempt ${event.data.attempt})`);
    case 'process.condition': {
      const { name, condition, value } = event.data;
      const word =
        value.status === 'true' ? condition : value.status === 'false' ? `not ${condition}` : `${condition}?`;
      const text = `${name} ${word}${value.message === undefined ? '' : `: ${value.message}`}`;
      return condition === 'healthy' && value.status === 'false' ? warn(text) : info(text);
    }
    case 'process.phase': {
      const { name, from, to, cause } = event.data;
      const why = cause === undefined ? '' : `: ${cause.message}`;
      return { level: levels[to] ?? 'info', text: `${name} ${from} → ${to}${why}` };
    }
    case 'process.sample':
      return debug(`${event.data.name} ${event.data.cpuPercent} % CPU, ${event.data.memoryBytes} bytes`);
    case 'process.stopped': {
      const { name, killed, escaped, tookMs } = event.data;
      const took = `${name} ended in ${Math.round(tookMs)} ms`;
      if (escaped.length > 0) return { level: 'error', text: `${took}, still alive: pid ${escaped.join(', ')}` };
      return killed.length > 0 ? warn(`${took}, killed pid ${killed.join(', ')} after the grace`) : info(took);
    }
    case 'process.logFault':
      return warn(`${event.data.name} log file: ${event.data.message}`);
    case 'plugin.fault':
      return warn(event.data.message);
    case 'plugin.muted':
      return { level: 'error', text: `plugin "${event.data.plugin}" is muted after ${event.data.faults} faults` };
    default:
      // An event that a plugin added: its own name is all that is known of it.
      return debug((event as ManagerEvent).type);
  }
}

/** The process that an event is about, if any. */
export function processOf(event: ManagerEvent): string | undefined {
  return 'name' in event.data ? event.data.name : undefined;
}
