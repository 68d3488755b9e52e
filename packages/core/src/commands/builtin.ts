import type { Command } from '../contract/commands.ts';
import type { ExplainResult } from '../contract/explanation.ts';
import type { Manager, ReloadReport } from '../contract/manager.ts';
import type { ProcessView } from '../contract/process.ts';
import type {
  ConfigResult,
  GetResult,
  ListResult,
  ManagerStatusResult,
  ManagerStopResult,
  OutputResult,
  StartResult,
  StopResult,
} from '../contract/results.ts';
import type { NetworkService, ProbeService } from '../contract/services.ts';
import { errorsOf } from '../diagnosis/errors.ts';
import type { ProcessHandle } from '../manager/handle.ts';
import type { Kernel } from '../manager/kernel.ts';
import { summarize, summarizeAll, summarizeStop } from '../state/summary.ts';
import { plural } from '../state/words.ts';
import { bind } from './bind.ts';
import { refuseUnconfirmed } from './confirm.ts';
import { causeOf } from './explain.ts';
import { explainProcess } from './explanation.ts';
import { type Fact, findFact } from './facts.ts';
import { awaitOutput } from './output.ts';
import { lastSamples, type OverviewHost, overviewCommands } from './overview.ts';
import { probeNow } from './probe.ts';
import { readingCommands } from './reading.ts';
import { linesOfRun } from './run-lines.ts';
import {
  configSpec,
  explainSpec,
  getSpec,
  listSpec,
  managerStatusSpec,
  managerStopSpec,
  outputSpec,
  type ReloadInput,
  reloadSpec,
  restartSpec,
  startSpec,
  stopSpec,
} from './specs.ts';
import { startAndWait } from './start.ts';
import { steeringCommands } from './steering.ts';

export interface BuiltinHost {
  readonly kernel: Kernel;
  readonly manager: Manager;
  readonly file: string | undefined;
  readonly plugins: OverviewHost['plugins'] & { readonly names: readonly string[] };
  readonly reloading: { reloadFile(dryRun: boolean, given: Omit<ReloadInput, 'dryRun'>): Promise<ReloadReport> };
  readonly network: NetworkService;
  /** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
  find(name: string): ProcessHandle;
  /** The effective settings of a process that there is, fit to be shown. */
  configOf(name: string): Readonly<Record<string, unknown>>;
  /** The protected ones among what a stop or a restart of `name` would end. */
  protectedBy(name: string, action: 'stop' | 'restart'): readonly string[];
  /** Undefined when no plugin checks processes. */
  probes(): ProbeService | undefined;
  /** Resolves when what a plugin reads of the processes is of now. */
  refreshSamples(): Promise<void>;
}

/** Core's own commands. */
export function builtinCommands({
  kernel,
  manager,
  file,
  plugins,
  reloading,
  network,
  find,
  configOf,
  protectedBy,
  probes,
  refreshSamples,
}: BuiltinHost): readonly Command[] {
  const { log } = kernel.bus;
  const since = new Date(kernel.clock.wall()).toISOString();
  const factOf = async (view: ProcessView): Promise<Fact | undefined> => {
    const cause = causeOf(view, log.since(0).events);
    return cause && findFact(view, cause, { network, views: manager.processes() });
  };
  return [
    bind(listSpec, ({ phase }): ListResult => {
      const processes = manager.processes().filter((view) => phase === undefined || view.phase === phase);
      return { summary: summarizeAll(processes), processes, eventCursor: log.cursor };
    }),
    bind(getSpec, async ({ name, probe }, { signal }): Promise<GetResult> => {
      const handle = find(name);
      const probing = probe ? await probeNow(handle.view, probes(), signal) : undefined;
      await refreshSamples();
      const resources = lastSamples(log.since(0).events, [handle.view]).get(name);
      const { cursor } = handle.logs({ tail: 1 });
      const errors = errorsOf(linesOfRun(handle)).slice(0, 5);
      const summary = summarize(handle.view);
      return {
        ...handle.view,
        summary: probing === undefined ? summary : `${summary}; ${probing.text}`,
        logCursor: cursor,
        ...(errors.length === 0 ? {} : { errors }),
        ...(resources === undefined ? {} : { resources }),
        ...(probing === undefined ? {} : { probes: probing.probes }),
      };
    }),
    bind(explainSpec, ({ name }): Promise<ExplainResult> => {
      return explainProcess(name, {
        bus: kernel.bus,
        now: () => kernel.clock.wall(),
        views: () => manager.processes(),
        dependenciesOf: (of) => Object.keys(kernel.config.processes[of]?.dependsOn ?? {}),
        find,
        factOf,
      });
    }),
    ...readingCommands({ bus: kernel.bus, clock: kernel.clock, closed: kernel.closed, find, probes }),
    bind(startSpec, async (input, call): Promise<StartResult> => {
      const handle = find(input.name);
      const { view } = handle;
      const changed = !view.ready && view.phase !== 'starting' && view.phase !== 'running';
      const request = (): Promise<void> => handle.requestStart(`start requested by ${call.caller}`, input);
      return startAndWait(handle, input, call, { changed, request, factOf });
    }),
    bind(restartSpec, async (input, call): Promise<StartResult> => {
      const handle = find(input.name);
      refuseUnconfirmed(call, `restart ${input.name}`, protectedBy(input.name, 'restart'));
      const why = input.reason ?? `restart requested by ${call.caller}`;
      return startAndWait(handle, input, call, {
        changed: true,
        request: () => handle.requestRestart(why),
        factOf,
      });
    }),
    bind(stopSpec, async ({ name, graceSec }, call): Promise<StopResult> => {
      const handle = find(name);
      refuseUnconfirmed(call, `stop ${name}`, protectedBy(name, 'stop'));
      const graceMs = graceSec === undefined ? undefined : graceSec * 1000;
      const receipt = await handle.stop(`stop requested by ${call.caller}`, graceMs);
      return { ...handle.view, summary: summarizeStop(handle.view, receipt), receipt };
    }),
    bind(reloadSpec, async ({ dryRun, ...given }, call): Promise<ReloadReport> => {
      if (!call.confirmed && !dryRun) {
        const plan = await reloading.reloadFile(true, given);
        const ended = plan.processes.flatMap(({ action, name }) => {
          if (action !== 'restart' && action !== 'remove') return [];
          return protectedBy(name, action === 'remove' ? 'stop' : 'restart');
        });
        refuseUnconfirmed(call, 'reload', [...new Set(ended)]);
        // Else it would be ended without consent by the call after this one.
        const bared = plan.processes.flatMap(({ name, changes }) =>
          changes.some(({ path, to }) => path === 'protected' && to === false) ? [name] : [],
        );
        refuseUnconfirmed(call, 'reload', bared, 'takes the protection off');
      }
      return reloading.reloadFile(dryRun, given);
    }),
    ...steeringCommands({ find, protectedBy }),
    bind(configSpec, ({ name }): ConfigResult => {
      find(name);
      return { summary: `The settings of ${name} as they are in force.`, name, config: configOf(name) };
    }),
    bind(outputSpec, (input, call): Promise<OutputResult> => {
      const processes = manager.processes().map(({ name }) => find(name));
      return awaitOutput(processes, input, call, (ms, fn) => kernel.clock.after(ms, fn));
    }),
    ...overviewCommands({
      plugins,
      processes: () => manager.processes(),
      events: () => log.since(0).events,
      refreshSamples,
    }),
    bind(managerStatusSpec, (): ManagerStatusResult => {
      const summary = `manager pid ${process.pid}; ${summarizeAll(manager.processes())}`;
      const project = manager.root;
      return {
        summary,
        pid: process.pid,
        project,
        since,
        startCursor: log.start,
        plugins: plugins.names,
        ...(file === undefined ? {} : { file }),
      };
    }),
    bind(managerStopSpec, async ({ force }, call): Promise<ManagerStopResult> => {
      const report = await manager.close(`stop requested by ${call.caller}`, { force });
      const left = report.unstopped.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ');
      const stopped = `${plural(report.receipts.length, 'process', 'processes')} stopped`;
      return { summary: left === '' ? stopped : `${stopped}; still alive: ${left}`, ...report };
    }),
  ];
}
