// What a view of a manager needs without being one: it loads zod and nothing of the manager, so that `promptbin mcp`
// answers before the rest is there.

export { LevelReader } from './commands/log-levels.ts';
export { compilePattern } from './commands/pattern.ts';
export { eventsSpec, logsSpec, waitSpec } from './commands/reading-specs.ts';
export {
  configSpec,
  explainSpec,
  getSpec,
  listSpec,
  managerStatusSpec,
  managerStopSpec,
  outputSpec,
  phases,
  reloadSpec,
  restartSpec,
  startSpec,
  stopSpec,
  toolSpecs,
} from './commands/specs.ts';
export { sendableSignals, sendSpec, signalSpec } from './commands/steering-specs.ts';
export { inputFromText } from './commands/text-input.ts';
export { expandUri, matchUri, uriVariables } from './commands/uri-template.ts';
export { parseDuration } from './config/units.ts';
export { definePlugin } from './plugins/define.ts';
export * from './words.ts';
