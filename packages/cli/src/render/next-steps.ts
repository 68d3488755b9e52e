import type { NextStep } from '@promptbin/core';

const verbs: Readonly<Record<string, string>> = {
  'process.start': 'start',
  'process.restart': 'restart',
  'process.stop': 'stop',
  'process.logs': 'logs',
  'process.explain': 'why',
};

/** What core advises, as command lines that can be typed. Advice without a command of ours is left out. */
export function commandLines(steps: readonly NextStep[]): string[] {
  return steps.flatMap(({ command, input }) => {
    const verb = verbs[command];
    return verb === undefined || typeof input.name !== 'string' ? [] : [`promptbin ${verb} ${input.name}`];
  });
}
