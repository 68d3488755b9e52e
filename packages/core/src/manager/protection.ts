import { dependantsOf } from '../process/graph.ts';
import { isUp } from '../state/phases.ts';
import type { Kernel } from './kernel.ts';

/** The protected ones among what a stop or a restart of `name` would end: itself, and those that depend on it. */
export function protectedBy(kernel: Kernel, name: string, action: 'stop' | 'restart'): readonly string[] {
  const { processes } = kernel.config;
  const ended = [name, ...dependantsOf(processes, name)].filter((one) => {
    const follows = action === 'stop' || one === name || processes[one]?.onDependencyRestart !== 'keep';
    return follows && isUp(kernel.stateOf(one));
  });
  return ended.filter((one) => processes[one]?.protected);
}
