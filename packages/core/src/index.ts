export {
  explainSpec,
  getSpec,
  listSpec,
  logsSpec,
  managerStatusSpec,
  managerStopSpec,
  phases,
  restartSpec,
  startSpec,
  stopSpec,
  toolSpecs,
} from './commands/specs.ts';
export { defineConfig } from './config/define.ts';
export type { ConfigIssue } from './config/issues.ts';
export { type LoadedConfig, loadConfig } from './config/load.ts';
export { nearest } from './config/suggest.ts';
export { duration, parseDuration, parseSize, size } from './config/units.ts';
export type * from './contract/index.ts';
export { causeCodes } from './contract/process.ts';
export { errorCodes } from './errors/codes.ts';
export { PromptbinError } from './errors/error.ts';
export { systemClock } from './kernel/clock.ts';
export { createManager, type ManagerOptions } from './manager/create.ts';
export { ensureProjectFolder } from './manager/folder.ts';
export { definePlugin } from './plugins/define.ts';
export { describeEvent, type EventText, processOf } from './state/describe.ts';
export { summarize } from './state/summary.ts';
