import { effectiveProcess, showable } from '../config/print.ts';
import { secretNames } from '../secrets/names.ts';
import type { Kernel } from './kernel.ts';

/** What is in force for a process, in the words of the file and without secrets. Empty for one that is being removed. */
export function effectiveConfig({ config, redactor }: Kernel, name: string): Readonly<Record<string, unknown>> {
  const spec = config.processes[name];
  if (spec === undefined) return {};
  const secrecyOf = secretNames(config.secrets);
  const isSecret = (key: string): boolean => secrecyOf(key) !== undefined;
  const redact = (text: string): string => redactor.redact(text);
  return showable(effectiveProcess(spec), ['processes', name], isSecret, redact) as Record<string, unknown>;
}
