import { endOrphans, type Orphan, plural } from '@promptbin/core';
import type { Finding } from './finding.ts';

/** What managers that were killed have left running; what is to go on without them is no trouble. */
export function leftoverFindings(all: readonly Orphan[] | undefined): readonly Finding[] {
  const kept = all?.filter((orphan) => orphan.kept) ?? [];
  const finding = leftoverFinding(all?.filter((orphan) => !orphan.kept));
  if (kept.length === 0) return [finding];
  const names = [...new Set(kept.map(({ process }) => process))].join(', ');
  return [
    finding,
    {
      check: 'kept',
      level: 'warning',
      text: `${names} runs without a manager, as "onManagerDeath" says.`,
      evidence: kept.map(describeOrphan),
      advice: 'promptbin up takes it over; promptbin down ends it.',
    },
  ];
}

function leftoverFinding(orphans: readonly Orphan[] | undefined): Finding {
  const check = 'leftovers';
  if (orphans === undefined) {
    return { check, level: 'ok', text: 'not looked for: this platform does not tell the environment of processes' };
  }
  if (orphans.length === 0) return { check, level: 'ok', text: 'no process of an earlier manager is left' };
  const pids = orphans.map(({ pid }) => pid);
  return {
    check,
    level: 'problem',
    text: `${plural(orphans.length, 'process is', 'processes are')} left of managers that are gone.`,
    evidence: orphans.map(describeOrphan),
    advice: 'Run: promptbin doctor --fix',
    repair: {
      text: `end ${describePids(pids)}: SIGTERM, and SIGKILL after 5 s`,
      async run() {
        const { left } = await endOrphans(orphans);
        if (left.length > 0) throw new Error(`${describePids(left)} could not be ended`);
        return `${describePids(pids)} ${pids.length === 1 ? 'has' : 'have'} ended`;
      },
    },
  };
}

/** Such as `pid 4411  node server.js  (run 3 of "web", under manager 4000)`. */
export function describeOrphan({ pid, command = '?', process, run, manager }: Orphan): string {
  return `pid ${pid}  ${command}  (run ${run} of "${process}", under manager ${manager})`;
}

function describePids(pids: readonly number[]): string {
  return `pid ${pids.join(', ')}`;
}
