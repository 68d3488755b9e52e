import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Machine } from '../contender.ts';
import { configFile, promptbinCommand } from '../contenders/promptbin.ts';
import { median } from '../measure/figures.ts';
import type { Curve } from '../report/plots.ts';
import type { CaseResult } from '../run.ts';
import { longGraceMs, type Session } from '../session.ts';
import { type Case, msBetween, type Sample, type Workload, withSession } from '../workload.ts';

const times = ['start', 'storm', 'ps', 'list_processes', 'reload', 'stop'] as const;

/** How promptbin grows with the number of its processes; the floor and bare Node beside it where they have the same. */
export const scale: Workload = {
  name: 'scale',
  title: 'Scale: N = 10, 100, 500, 1000',
  how: 'start: as W1; storm: SIGKILL to all at once, until all are replaced; ps, reload: the command, the latter with one changed process; list_processes: the call of an MCP client; stop: as W5. RSS: the manager and its helpers.',
  cases: (size) => (size === 'small' ? [growth(3)] : [growth(10), growth(100), growth(500), growth(1000)]),
};

function growth(count: number): Case {
  const job = { mode: ['hold'], count, restart: true, graceMs: longGraceMs } as const;
  return {
    name: `N=${count}`,
    rounds: 1,
    figures: [
      ...times.map((name) => ({ name, unit: 'ms', better: 'less' }) as const),
      { name: 'RSS', unit: 'MB', better: 'less' },
    ],
    async measure(contender, machine) {
      if (!['promptbin', 'floor', 'node'].includes(contender.role)) return undefined;
      return withSession(contender, job, machine, async (session) => {
        const began = session.start();
        const started = (await session.stamps.until(count)).at(-1)?.at ?? began;
        await sleep(2000);
        const rss = session.usage().rssBytes / 1e6;
        const asked = contender.role === 'promptbin' ? await askAll(session, count, machine) : {};
        const storm = await killAll(session);
        await sleep(1000);
        const stopping = process.hrtime.bigint();
        const [ended] = await Promise.all([session.stamps.ended(), session.stop()]);
        return { start: msBetween(began, started), storm, ...asked, stop: msBetween(stopping, ended), RSS: rss };
      });
    },
  };
}

async function killAll(session: Session): Promise<number> {
  const living = session.living();
  const before = session.stamps.all.length;
  const killed = process.hrtime.bigint();
  for (const pid of living) process.kill(pid, 'SIGKILL');
  const last = (await session.stamps.until(before + living.length)).at(-1);
  return msBetween(killed, last?.at ?? killed);
}

/** What somebody asks of the manager. */
async function askAll(session: Session, count: number, machine: Machine): Promise<Sample> {
  const several = (measure: () => number): number => median([measure(), measure(), measure()]);
  const ps = several(() => session.time(promptbinCommand(machine, 'ps', '--json')));
  const list = await listByMcp(session, count, machine);
  const config = join(session.folder, 'project', configFile);
  const { processes, ...rest } = JSON.parse(readFileSync(config, 'utf8'));
  const changed = { ...processes, p0: { ...processes.p0, env: { CHANGED: '1' } } };
  writeFileSync(config, JSON.stringify({ ...rest, processes: changed }));
  const reload = session.time(promptbinCommand(machine, 'reload'));
  return { ps, list_processes: list, reload };
}

/** The median of several calls over one connection, ms. */
async function listByMcp(session: Session, count: number, machine: Machine): Promise<number> {
  const [command, ...args] = promptbinCommand(machine, 'mcp');
  const client = new Client({ name: 'benchmark', version: '1' });
  const cwd = join(session.folder, 'project');
  await client.connect(new StdioClientTransport({ command, args, cwd, stderr: 'ignore' }));
  try {
    const found: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      const began = performance.now();
      const answer = await client.callTool({ name: 'list_processes', arguments: {} });
      found.push(performance.now() - began);
      if (!JSON.stringify(answer).includes(`p${count - 1}`))
        throw new Error(`list_processes answers ${JSON.stringify(answer)}`);
    }
    return median(found);
  } finally {
    await client.close();
  }
}

/** Of promptbin alone, one for each thing that takes time. */
export function scaleCurves(results: readonly CaseResult[]): readonly Curve[] {
  return times.map((name) => ({
    name,
    points: results.flatMap(({ case: of, entries }) => {
      const found = entries.find(({ role }) => role === 'promptbin')?.samples[name];
      return found === undefined ? [] : [[Number(of.slice(2)), median(found)] as const];
    }),
  }));
}
