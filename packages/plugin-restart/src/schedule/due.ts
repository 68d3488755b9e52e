import type { ProcessView } from '@promptbin/core';

/**
 * What a scheduled time means for a process. `start`: it is down, and its time has come. `restart`: it runs, and begins
 * anew. `overlap`: it is on its way, or the last run of a job goes on. `leave`: nobody wants it, or it has failed. Pure.
 */
export function actionWhenDue(
  { kind, phase, desired, cause }: ProcessView,
  wasStopped: boolean,
): 'start' | 'restart' | 'overlap' | 'leave' {
  if (desired === 'down') {
    // A job that nobody has asked for or stopped yet is there to be run by its schedule.
    return kind === 'job' && phase === 'stopped' && cause === undefined && !wasStopped ? 'start' : 'leave';
  }
  switch (phase) {
    case 'running':
      return kind === 'job' ? 'overlap' : 'restart';
    case 'completed':
      return 'start';
    case 'failed':
      return kind === 'job' ? 'start' : 'leave';
    case 'stopped':
      return 'leave';
    default:
      return 'overlap';
  }
}
