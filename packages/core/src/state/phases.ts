import type { ProcessView } from '../contract/process.ts';

/** Whether anything is there, or to come, that can be stopped. */
export function isUp({ phase }: Pick<ProcessView, 'phase'>): boolean {
  return phase !== 'stopped' && phase !== 'completed' && phase !== 'failed';
}

/** Whether an incarnation is there that nobody is ending. */
export function isAlive({ phase }: Pick<ProcessView, 'phase'>): boolean {
  return phase === 'starting' || phase === 'running';
}

/** Whether it waits for something that will not come by itself. */
export function isHeld({ phase, cause }: Pick<ProcessView, 'phase' | 'cause'>): boolean {
  return phase === 'waiting' && cause?.code === 'dependencyDown';
}
