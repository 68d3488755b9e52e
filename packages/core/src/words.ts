// What tells people how a manager and its processes are: events, phases, faults. It loads no other package, so that a
// command which only shows something costs hardly more than Node itself.

export { formatIssues } from './config/listing.ts';
export type * from './contract/index.ts';
export { PromptbinError } from './errors/error.ts';
export { describeEvent, type EventText, processOf } from './state/describe.ts';
export { isAtLeast, type Level } from './state/level.ts';
export { isHeld } from './state/phases.ts';
export { summarize } from './state/summary.ts';
export { describeListening, plural } from './state/words.ts';
