export { explainRecord } from './commands/explanation.ts';
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
export { sendSpec, signalSpec } from './commands/steering-specs.ts';
export type { CommandLine } from './config/command.ts';
export { type CommandFields, commandLine, signalName } from './config/command-schema.ts';
export { defineConfig } from './config/define.ts';
export { envFilesOf } from './config/environment.ts';
export type { ConfigExplanation, ValueChange, WrittenValue } from './config/explain.ts';
export type { ConfigIssue } from './config/issues.ts';
export { configJsonSchema, type JsonSchema } from './config/json-schema.ts';
export { formatIssues } from './config/listing.ts';
export { type LoadedConfig, type LoadOptions, loadConfig } from './config/load.ts';
export { probeConfig } from './config/probe.ts';
export { schemaOfConfig, schemaOfFolder } from './config/project-schema.ts';
export { nearest } from './config/suggest.ts';
export { duration, parseDuration, parseSize, size } from './config/units.ts';
export type * from './contract/index.ts';
export { causeCodes } from './contract/process.ts';
export { errorsOf } from './diagnosis/errors.ts';
export { errorCodes } from './errors/codes.ts';
export { messageOf, PromptbinError } from './errors/error.ts';
export { type AtomicWriteOptions, writeFileAtomic } from './files/write-atomic.ts';
export { readEvents } from './journal/read.ts';
export { systemClock } from './kernel/clock.ts';
export { createManager, type ManagerOptions } from './manager/create.ts';
export { ensureProjectFolder } from './manager/folder.ts';
export { type ConfigInspection, inspectConfig } from './manager/inspect.ts';
export { unknownProcess } from './manager/named.ts';
export type { LoadConfig, LoadedInput, ReloadSettings } from './manager/reload.ts';
export { definePlugin } from './plugins/define.ts';
export { findCgroup } from './process/cgroups.ts';
export { findListener } from './process/listeners.ts';
export { endOrphans, findOrphans, type Orphan, type OrphansEnded } from './process/orphans.ts';
export { foreseeSpawnFault } from './process/spawn-fault.ts';
export { describeEvent, type EventText, processOf } from './state/describe.ts';
export { isHeld } from './state/phases.ts';
export { Replay, type Snapshot } from './state/replay.ts';
export { summarize } from './state/summary.ts';
export { describeHolder, describeUsage, plural } from './state/words.ts';
