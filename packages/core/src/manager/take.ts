import type { ReloadStep } from '../contract/manager.ts';
import type { StagedPlugins } from '../plugins/plugin-set.ts';
import { requested } from '../process/causes.ts';
import { withDependencies } from '../process/graph.ts';
import type { ConfigState } from './differences.ts';
import { ProcessHandle } from './handle.ts';
import type { Kernel } from './kernel.ts';
import type { Requests } from './requests.ts';
import { learnSecrets } from './secrets.ts';
import type { Supervisors } from './supervisors.ts';

/** What a config has to do with in a manager. */
export interface ConfigHolder {
  readonly kernel: Kernel;
  /** What is in force. `takeConfig` alone replaces it. */
  readonly inForce: { state: ConfigState };
  readonly supervisors: Supervisors;
  readonly handles: Map<string, ProcessHandle>;
  readonly requests: Requests;
  /** The environment that children inherit from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Puts a config in force: supervisors, handles and plugins are those of it afterwards. In one turn, at boot as later. */
export function holdConfig(holder: ConfigHolder, next: ConfigState, staged: Pick<StagedPlugins, 'commit'>): void {
  const { kernel, inForce, supervisors, handles, requests, env } = holder;
  inForce.state = next;
  learnSecrets(kernel.redactor, next.config, env);
  supervisors.arrange(next.config);
  for (const [name, supervisor] of supervisors.byName) {
    if (!handles.has(name)) handles.set(name, new ProcessHandle(supervisor, kernel, requests));
  }
  staged.commit();
  supervisors.retap();
}

/** Carries out a plan, after what it removes has ended: in one turn, so that nobody sees half of it. */
export function takeConfig(
  holder: ConfigHolder,
  next: ConfigState,
  staged: StagedPlugins,
  steps: readonly ReloadStep[],
): void {
  const { kernel, supervisors } = holder;
  const of = (...actions: ReloadStep['action'][]) => steps.filter(({ action }) => actions.includes(action));
  for (const { name } of of('remove')) forget(holder, name);
  holdConfig(holder, next, staged);
  for (const { name } of of('add')) kernel.bus.append('process.added', { name });

  // Whoever is to have such a port waits for it, in whichever order they begin.
  for (const { name } of of('restart')) supervisors.byName.get(name)?.yieldPort(next.config.processes[name]?.port);
  const pluginsDiffer = staged.steps.some(({ action }) => action !== 'keep');
  for (const step of steps) {
    const spec = next.config.processes[step.name];
    const supervisor = supervisors.byName.get(step.name);
    if (spec === undefined || supervisor === undefined) continue;
    const { phase, generation } = supervisor.state;
    const { action, name } = step;
    const paths = step.changes.map(({ path }) => path);
    if (action === 'restart' || action === 'update') {
      kernel.bus.append('process.configured', { name, generation, kind: spec.kind, action, paths });
    }
    const anew = action === 'restart' ? requested(`the config changed: ${paths.join(', ')}`) : undefined;
    // Another plugin may have another opinion about what waits.
    if (spec !== supervisor.spec || supervisor.leaving || (pluginsDiffer && phase === 'waiting')) {
      supervisor.configure(spec, anew);
    }
  }
  startWanted(holder, of('add'), of('restart', 'update'));
  const names = (...actions: ReloadStep['action'][]) => of(...actions).map(({ name }) => name);
  const { file } = next.config;
  kernel.bus.append('config.reloaded', {
    ...(file === undefined ? {} : { file }),
    added: names('add'),
    removed: names('remove'),
    restarted: names('restart'),
    updated: names('update'),
    plugins: staged.steps.flatMap(({ action, name }) => (action === 'remove' ? [] : [name])),
  });
}

/** What could not be ended stays in the list, failed. */
function forget({ kernel, supervisors, handles }: ConfigHolder, name: string): void {
  if (supervisors.byName.get(name)?.state.phase === 'failed') return;
  handles.get(name)?.retire();
  handles.delete(name);
  supervisors.remove(name);
  kernel.bus.append('process.removed', { name });
}

/** Those that are new, and what they and others need now that nobody has asked for yet. */
function startWanted(
  { kernel, supervisors }: ConfigHolder,
  added: readonly ReloadStep[],
  changed: readonly ReloadStep[],
): void {
  const { processes } = kernel.config;
  const cause = requested('added to the config');
  const fresh = added.map(({ name }) => name);
  const wanted = fresh.filter((name) => processes[name]?.autostart);
  const up = changed.flatMap(({ name }) => (supervisors.byName.get(name)?.state.phase === 'waiting' ? [name] : []));
  for (const name of withDependencies(processes, [...wanted, ...up])) {
    const supervisor = supervisors.byName.get(name);
    if (supervisor === undefined || supervisor.state.desired === 'up') continue;
    const neverAskedFor = supervisor.state.phase === 'stopped' && supervisor.state.generation === 0;
    if (fresh.includes(name) || neverAskedFor) supervisor.start(cause);
  }
  // In this very turn: nobody should see them wait for what is on its way already.
  for (const name of up) supervisors.byName.get(name)?.recheck();
}
