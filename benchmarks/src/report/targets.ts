import { median } from '../measure/figures.ts';
import type { CaseResult, Entry } from '../run.ts';
import { short } from './summary.ts';

export interface Verdict {
  readonly target: string;
  /** Undefined when it was not measured. */
  readonly met: boolean | undefined;
  /** What was measured. */
  readonly found: string;
}

type Which = (entry: Entry) => boolean;

const ours: Which = ({ role }) => role === 'promptbin';
const npm: Which = ({ role }) => role === 'npm';
const named =
  (name: string): Which =>
  ({ contender }) =>
    contender === name;

/** Medians of a figure, by contender. */
class Results {
  readonly #results: readonly CaseResult[];

  constructor(results: readonly CaseResult[]) {
    this.#results = results;
  }

  of(workload: string, name: string, figure: string, which: Which): readonly number[] {
    const result = this.#results.find((one) => one.workload === workload && one.case === name);
    return (result?.entries ?? []).filter(which).flatMap(({ samples }) => {
      const found = samples[figure];
      return found === undefined ? [] : [median(found)];
    });
  }

  one(workload: string, name: string, figure: string, which: Which = ours): number | undefined {
    return this.of(workload, name, figure, which)[0];
  }
}

/** All targets, with what these results say of them. */
export function judge(all: readonly CaseResult[]): readonly Verdict[] {
  const results = new Results(all);
  const verdicts: Verdict[] = [];
  const judgeOne = (
    target: string,
    [value, limit]: readonly [number | undefined, number | undefined],
    { isLeast = false, unit = '' }: { readonly isLeast?: boolean; readonly unit?: string },
  ): void => {
    if (value === undefined || limit === undefined) {
      verdicts.push({ target, met: undefined, found: 'not measured' });
      return;
    }
    const found = `${short(value)}${unit}, at ${isLeast ? 'least' : 'most'} ${short(limit)}${unit}`;
    verdicts.push({ target, met: isLeast ? value >= limit : value <= limit, found });
  };
  const atMost = (target: string, value: number | undefined, limit: number | undefined, unit = ''): void =>
    judgeOne(target, [value, limit], { unit });
  const atLeast = (target: string, value: number | undefined, limit: number | undefined, unit = ''): void =>
    judgeOne(target, [value, limit], { isLeast: true, unit });
  const least = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : Math.min(...values);
  const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
    one === undefined || other === undefined ? undefined : one / other;

  for (const name of ['N=10', 'N=100', 'N=500']) {
    const time = results.one('start', name, 'time');
    atMost(`W1 ${name}: ahead of every npm peer`, time, least(results.of('start', name, 'time', npm)), ' ms');
  }
  atMost(
    'W1 N=500: ahead of runit',
    results.one('start', 'N=500', 'time'),
    results.one('start', 'N=500', 'time', named('runit')),
    ' ms',
  );
  const restarted = results.one('restart', 'SIGKILL', 'p50');
  atMost('W2: at most 5 ms', restarted, 5, ' ms');
  atMost('W2: ahead of every npm peer', restarted, least(results.of('restart', 'SIGKILL', 'p50', npm)), ' ms');
  for (const [name, limit] of [
    ['N=100', 110],
    ['N=500', 150],
  ] as const) {
    const pm2 = results.one('idle', name, 'CPU', named('pm2'));
    atMost(`W3 ${name}: CPU below that of pm2`, results.one('idle', name, 'CPU'), pm2, ' s/min');
    atMost(`W3 ${name}: at most ${limit} MB`, results.one('idle', name, 'RSS'), limit, ' MB');
  }
  atLeast('W4: 400 MB/s through the manager', results.one('logs', 'through the manager', 'rate'), 400, ' MB/s');
  for (const figure of ['lost', 'torn', 'reordered'])
    atMost(`W4: no line ${figure}`, results.one('logs', 'through the manager', figure), 0);
  const floor = results.one('logs', 'written by the process', 'rate', ({ role }) => role === 'floor');
  const direct = results.one('logs', 'written by the process', 'rate');
  atLeast('W4: written by the process, 0.9 of the floor', ratio(direct, floor), 0.9, ' ×');
  atMost('W5: stop 100 that obey within 60 ms', results.one('stop', '100 that obey', 'time'), 60, ' ms');
  const stubborn = results.one('stop', '100 that ignore SIGTERM, 1 s of grace', 'time');
  atMost('W5: stop 100 that ignore SIGTERM within 1.1 s', stubborn, 1100, ' ms');
  const family = '10 with two grandchildren each, one in a session of its own';
  atMost('W5: no grandchild is left', results.one('stop', family, 'left'), 0);
  for (const figure of ['orphans', 'doubles']) atMost(`W6: no ${figure}`, results.one('crash', 'N=10', figure), 0);
  for (const [name, limit] of [
    ['--version', 1.3],
    ['status of 10', 2.2],
  ] as const) {
    const node = results.one('cli', name, 'time', ({ role }) => role === 'node');
    atMost(`W7 ${name}: at most ${limit} × \`node -e 0\``, ratio(results.one('cli', name, 'time'), node), limit, ' ×');
  }
  atMost(
    'W8: ahead of nodemon',
    results.one('watch', 'one file', 'p50'),
    results.one('watch', 'one file', 'p50', named('nodemon')),
    ' ms',
  );
  const [few, many] = ['N=10', 'N=1000'].map((name) => results.one('scale', name, 'RSS'));
  const each = few === undefined || many === undefined ? undefined : ((many - few) / 990) * 1000;
  atMost('Memory: at most 120 KB for each process', each, 120, ' KB');
  const half = results.one('day', '24 hours', 'half-way');
  const limit = half === undefined ? undefined : half + 1;
  atMost(
    'A day: the heap is no larger at its end than half-way, but for 1 MB',
    results.one('day', '24 hours', 'end'),
    limit,
    ' MB',
  );
  return verdicts;
}
