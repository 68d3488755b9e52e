import { describeHolder, findListener, type Orphan } from '@promptbin/core';
import type { ManagerStatus } from '../control/source.ts';
import type { ConfiguredProcess } from './config.ts';
import type { Finding } from './finding.ts';

/** Ports of the config that somebody else has. */
export async function* portFindings(
  processes: readonly ConfiguredProcess[],
  status: ManagerStatus | undefined,
  orphans: readonly Orphan[],
): AsyncGenerator<Finding> {
  const check = 'ports';
  const asked = processes.flatMap(({ name, port }) =>
    port === undefined || port.preferred === 0 ? [] : [{ name, ...port }],
  );
  let isFine = asked.length > 0;
  for (const { name, preferred, strict } of asked) {
    const holders = await findListener(preferred);
    if (holders === 'unknown') {
      yield { check, level: 'ok', text: 'not looked at: this platform does not tell who listens' };
      return;
    }
    const isOurs = holders.some(({ child, pid }) => {
      const isLeft = orphans.some((orphan) => orphan.pid === pid);
      return child?.process === name && status !== undefined && !isLeft;
    });
    const [holder] = holders;
    if (holder === undefined || isOurs) continue;
    isFine = false;
    const isLeft = orphans.some(({ pid }) => pid === holder.pid);
    const consequence = strict ? 'it cannot start' : 'it gets the next free one';
    yield {
      check,
      level: strict || isLeft ? 'problem' : 'warning',
      text: `Port ${preferred} of ${name} is held by ${describeHolder(holder)}${isLeft ? ', a leftover' : ''}: ${consequence}.`,
      advice: isLeft ? 'Run: promptbin doctor --fix' : `End that program, or give ${name} another port.`,
    };
  }
  if (isFine)
    yield { check, level: 'ok', text: `${asked.map(({ preferred }) => preferred).join(', ')}: free, or ours` };
}
