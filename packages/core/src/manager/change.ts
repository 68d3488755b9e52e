import { isDeepStrictEqual } from 'node:util';
import type { Config, ResolvedConfig } from '../contract/config.ts';
import type { ConfigSource } from '../contract/config-source.ts';
import type { ReloadReport, ReloadStep } from '../contract/manager.ts';
import type { InstallationStep, PluginSet } from '../plugins/plugin-set.ts';
import { requested } from '../process/causes.ts';
import { secretNames } from '../secrets/names.ts';
import { type ConfigState, differencesOf } from './differences.ts';
import { endInOrder } from './end.ts';
import { closedError } from './handle.ts';
import { planReload } from './plan.ts';
import { isTouched, reportReload } from './reload-report.ts';
import { learnNextSecrets } from './secrets.ts';
import { foreseeConfig, type SettleOptions, settleConfig } from './settle.ts';
import { keepUnchanged } from './sharing.ts';
import { type ConfigHolder, takeConfig } from './take.ts';

export interface ChangeHost extends ConfigHolder {
  readonly plugins: PluginSet;
  readonly at: Pick<SettleOptions, 'root' | 'file'>;
}

/** What `applyChange` would do now. Changes nothing. */
export async function foreseeChange(
  host: ChangeHost,
  config: Config,
  source: ConfigSource | undefined,
): Promise<ReloadReport> {
  const resolved = (one: ResolvedConfig): void => learnNextSecrets(host.kernel.redactor, one);
  const settled = await foreseeConfig(config, { ...host.at, source, resolved }, host.plugins);
  const { steps } = settled.staged;
  const next = nextState(host, settled.config, config);
  const plan = await turn(host, () => planFor(host, next, steps));
  return reportReload(plan, steps, { dryRun: true, applied: false });
}

/**
 * Takes another config. Everything is checked, and the plugins are there, before the first process is touched.
 *
 * @param begins called before anything changes that close() would have to wait for
 */
export async function applyChange(
  host: ChangeHost,
  config: Config,
  source: ConfigSource | undefined,
  begins: () => void,
): Promise<ReloadReport> {
  const { kernel, plugins, inForce } = host;
  const resolved = (one: ResolvedConfig): void => {
    begins();
    learnNextSecrets(kernel.redactor, one);
  };
  const settled = await settleConfig(config, { ...host.at, source, resolved }, plugins, kernel.closing);
  const { staged } = settled;
  const next = nextState(host, settled.config, config);
  const plan = await turn(host, () => planFor(host, next, staged.steps));
  const order = staged.steps.flatMap(({ action, name }) => (action === 'remove' ? [] : [name]));
  const same =
    ![...plan, ...staged.steps].some(isTouched) &&
    isDeepStrictEqual(order, plugins.names) &&
    isDeepStrictEqual(next.config, inForce.state.config);
  if (same) return reportReload(plan, staged.steps, { applied: false });

  await endLeaving(host, plan);
  const taken = await turn(host, () => {
    if (kernel.closing.aborted) return undefined;
    // Made anew: others may have started or stopped something while those that leave were ended.
    const now = planFor(host, next, staged.steps);
    takeConfig(host, next, staged, now);
    return now;
  });
  if (taken === undefined) {
    await staged.rollBack();
    throw closedError();
  }
  const unstopped = namesOf(taken, 'remove').filter((name) => host.supervisors.byName.has(name));
  return reportReload(taken, staged.steps, { applied: true, unstopped });
}

function nextState({ inForce }: ChangeHost, config: ResolvedConfig, written: Config): ConfigState {
  return { config: keepUnchanged(inForce.state.config, config), written };
}

function planFor(host: ChangeHost, next: ConfigState, steps: readonly InstallationStep[]): readonly ReloadStep[] {
  const { kernel, inForce, supervisors, env } = host;
  const before = inForce.state;
  const known = steps.flatMap((step) => [
    ...('before' in step ? [step.before.configured.plugin] : []),
    ...('after' in step ? [step.after.plugin] : []),
  ]);
  const live = new Map(known.map((plugin) => [plugin.name, plugin.live]));
  const names = [before, next].map(({ config }) => secretNames(config.secrets));
  const rules = {
    env,
    isLive: (plugin: string) => live.get(plugin) === true,
    isSecret: (name: string) => names.some((secrecyOf) => secrecyOf(name) !== undefined),
    redact: (text: string) => kernel.redactor.redact(text),
  };
  return planReload({
    before: before.config,
    after: next.config,
    survivors: [...supervisors.byName.keys()].filter((name) => !Object.hasOwn(before.config.processes, name)),
    differencesOf: (name) => differencesOf(name, before, next, rules),
    stateOf: kernel.stateOf,
  });
}

/** Ends what is no longer part of the config. Its ports are free before anything else is started. */
async function endLeaving(host: ChangeHost, plan: readonly ReloadStep[]): Promise<void> {
  const { handles, supervisors } = host;
  const leaving = namesOf(plan, 'remove').flatMap((name) => supervisors.byName.get(name) ?? []);
  await turn(host, () => {
    for (const supervisor of leaving) supervisor.leaving = true;
  });
  const graph = Object.fromEntries(leaving.map(({ spec }) => [spec.name, spec]));
  const ended = leaving.flatMap(({ spec }) => handles.get(spec.name) ?? []);
  // It rejects when the manager is closed meanwhile: then nothing is taken.
  const cause = requested('removed from the config');
  await endInOrder(ended, graph, (handle) => handle.end(cause)).catch(() => undefined);
}

function namesOf(plan: readonly ReloadStep[], wanted: ReloadStep['action']): readonly string[] {
  return plan.flatMap(({ action, name }) => (action === wanted ? [name] : []));
}

/** The answer of a message. */
function turn<T>({ kernel }: ChangeHost, message: () => T): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  kernel.post(() => {
    try {
      resolve(message());
    } catch (fault) {
      reject(fault);
    }
  });
  return promise;
}
