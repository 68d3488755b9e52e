import type { ReloadReport, ReloadStep } from '../contract/manager.ts';
import { plural } from '../state/words.ts';

interface Step {
  readonly action: string;
  readonly name: string;
}

const past: Readonly<Record<string, string>> = {
  add: 'added',
  remove: 'removed',
  replace: 'replaced',
  restart: 'restarted',
  update: 'updated',
};

export function isTouched({ action }: Pick<Step, 'action'>): boolean {
  return action !== 'keep';
}

export function reportReload(
  processes: readonly ReloadStep[],
  plugins: readonly ReloadReport['plugins'][number][],
  outcome: { readonly applied: boolean; readonly dryRun?: boolean; readonly unstopped?: readonly string[] },
): ReloadReport {
  const { applied, dryRun = false, unstopped = [] } = outcome;
  const steps = plugins.map(({ action, name }) => ({ action, name }));
  const unasked = dryRun ? namesOf(steps, 'add', 'replace') : [];
  const summary = [
    summarize(processes, steps, dryRun),
    ...(unstopped.length > 0 ? [`still alive: ${unstopped.join(', ')}`] : []),
    ...(unasked.length > 0 ? [`what ${unasked.join(', ')} may change in the config is not foreseen`] : []),
  ].join('; ');
  return { summary, applied, processes, plugins: steps, unstopped };
}

function summarize(processes: readonly ReloadStep[], plugins: readonly Step[], dryRun: boolean): string {
  const verb = dryRun ? 'to be ' : '';
  const told = [...phrases(processes, verb), ...phrases(plugins, verb).map((phrase) => `plugin ${phrase}`)];
  const kept = plural(namesOf(processes, 'keep').length, 'process', 'processes');
  return told.length === 0 ? 'nothing differs' : `${told.join('; ')}; ${kept} kept`;
}

/** Such as `web, worker restarted`. */
function phrases(steps: readonly Step[], verb: string): readonly string[] {
  return Object.entries(past).flatMap(([action, word]) => {
    const names = namesOf(steps, action);
    return names.length === 0 ? [] : [`${names.join(', ')} ${verb}${word}`];
  });
}

function namesOf(steps: readonly Step[], ...actions: readonly string[]): readonly string[] {
  return steps.flatMap(({ action, name }) => (actions.includes(action) ? [name] : []));
}
