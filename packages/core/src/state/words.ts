import type { Failing, Listening } from '../contract/process.ts';
import type { Holder } from '../contract/services.ts';

/** `1 restart`, `2 restarts`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `listens on port 5001, not on 5000 as it was told`. */
export function describeListening({ host, port, told, deviation }: Listening): string {
  switch (deviation) {
    case 'port':
      return `listens on port ${port}, not on ${told.port} as it was told`;
    case 'family':
    case 'address':
      return `listens on ${host} alone, not on ${told.host} as it was told (port ${port})`;
    case 'exposed':
      return `listens on all interfaces (${host}, port ${port}), not on ${told.host} alone as it was told`;
    default:
      return `listens on ${host} alone (port ${port}), not on all interfaces as it was told`;
  }
}

/** The same in the fewest words, behind the URL of the status: `told 5000`, `on all interfaces`. */
export function noteListening(listening: Listening): string {
  const { told, deviation, followed } = listening;
  if (deviation === 'exposed') return 'on all interfaces';
  if (deviation === 'hidden') return 'on loopback only';
  return followed ? `told ${deviation === 'port' ? told.port : told.host}` : describeListening(listening);
}

const longestCommand = 120;

/** `pid 4711 (python app.py)`, `another program` when that is not known. Where the program lies tells little. */
export function describeHolder({ pid, command }: Holder): string {
  if (pid === undefined) return 'another program';
  if (command === undefined) return `pid ${pid}`;
  const short = command.replace(/^\S*\/(?=\S)/, '');
  return `pid ${pid} (${short.length > longestCommand ? `${short.slice(0, longestCommand)}…` : short})`;
}

interface Usage {
  readonly resource: 'memory' | 'cpu';
  readonly value: number;
  readonly max: number;
}

/** `memory 410 MB of 512 MB`, `CPU 95 % of 90 %`. */
export function describeUsage({ resource, value, max }: Usage): string {
  if (resource === 'cpu') return `CPU ${Math.round(value)} % of ${max} %`;
  const [used, limit] = [value, max].map((bytes) => `${Number((bytes / 2 ** 20).toFixed(1))} MB`);
  return `memory ${used} of ${limit}`;
}

/** `transient: 2 failures in a row since 2026-01-01T00:00:00.000Z, last good answer at 2026-01-01T00:00:09.000Z`. */
export function describeFailing({ verdict, failures, since, lastGoodAt }: Failing): string {
  const row = failures === 0 ? 'the last failures' : `${plural(failures, 'failure')} in a row`;
  const good = lastGoodAt === undefined ? 'no good answer yet' : `last good answer at ${stamp(lastGoodAt)}`;
  return `${verdict}: ${row} since ${stamp(since)}, ${good}`;
}

const stamp = (at: number): string => new Date(at).toISOString();
