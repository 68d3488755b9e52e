import { setTimeout as sleep } from 'node:timers/promises';
import { type CloseReport, createManager, type LoadedConfig, type Manager } from '@promptbin/core';
import { closeInherited } from '../control/descriptors.ts';
import { type Closing, closeWhenAsked, closingOf } from '../control/ending.ts';
import { type Host, openHost } from '../control/host.ts';
import type { LocalSource } from '../control/local-source.ts';
import { ManagedConfig } from '../control/managed-config.ts';
import type { ProjectFiles } from '../control/project.ts';
import { listenForSignals } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { messageOf } from '../fault.ts';
import { version } from '../version.ts';
import { loadProbedConfig, withFlags } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { UpOptions } from './options.ts';
import { present, presentJson } from './present.ts';

export interface ManageOptions extends UpOptions {
  readonly loaded: LoadedConfig;
  readonly files: ProjectFiles;
  /** The lock of the project; let go at the very end. */
  readonly lock: Disposable;
}

interface Started {
  readonly manager: Manager;
  readonly closing: Promise<Closing>;
}

/** How long the last lines may take to the terminal, ms. */
const farewellMs = 500;

/** Runs the manager of a project in this process until it is told to end. */
export async function manage(options: ManageOptions, invocation: Invocation): Promise<ExitCode> {
  closeInherited();
  using signals = listenForSignals();
  const deserted = Promise.withResolvers<void>();
  await using host = await openHost({
    files: options.files,
    lock: options.lock,
    ...(options.ephemeral && { onDeserted: deserted.resolve }),
  });
  const config = await ManagedConfig.of({
    loaded: options.loaded,
    ephemeral: options.ephemeral,
    load: (given) => loadProbedConfig(withFlags(invocation, given)),
  });
  const { manager, closing } = await startManager(options, config, host.source);
  const closed = closeWhenAsked(manager, { closing, signals, deserted: deserted.promise, err: invocation.err });
  host.source.adopt(manager, closing);
  using _watch = options.watchConfig ? await watch(manager, config, invocation) : undefined;
  const shown = new AbortController();
  const showing = options.background ? undefined : show(host, manager, invocation, shown.signal);
  const { report, closing: end, crashed } = await closed;
  host.source.end();
  await Promise.race([showing, sleep(farewellMs)]);
  shown.abort();
  if (end.failed !== undefined) invocation.err.line(`promptbin has ended: ${end.why}`);
  sayFarewell(report, invocation, options.background);
  const isGood = report.unstopped.length === 0 && !crashed && end.failed === undefined;
  return isGood ? exitCodes.done : exitCodes.unreached;
}

async function startManager(
  { names, dependencies }: ManageOptions,
  managed: ManagedConfig,
  from: LocalSource,
): Promise<Started> {
  const { config, root, file, source } = managed.current;
  try {
    const manager = await createManager(config, {
      root,
      file,
      source,
      // The lock of the project is ours.
      journal: true,
      load: (given) => managed.load(given),
    });
    const closing = closingOf(manager);
    // Before it is handed out, so that whoever asks first sees what is wanted.
    await manager.start(names.length === 0 ? undefined : names, { dependencies }).catch(async (fault: unknown) => {
      await manager.close(messageOf(fault));
      throw fault;
    });
    return { manager, closing };
  } catch (fault) {
    from.fail(fault);
    throw fault;
  }
}

async function watch(manager: Manager, config: ManagedConfig, invocation: Invocation): Promise<Disposable> {
  const { watchConfig } = await import('./watch-config.ts');
  return watchConfig(manager, config, invocation);
}

async function show(host: Host, manager: Manager, { json, out }: Invocation, signal: AbortSignal): Promise<void> {
  const options = { source: host.source, screen: out, signal, from: 'start' } as const;
  if (json) return presentJson(options);
  out.note(out.palette.dim(`promptbin ${version} manages ${manager.root} (pid ${process.pid}); Ctrl-C stops it all`));
  return present(options);
}

function sayFarewell(report: CloseReport, { json, out, err }: Invocation, background: boolean): void {
  for (const { name, pid } of report.unstopped) err.line(`${name} is still alive: pid ${pid}`);
  if (!json && !background && report.unstopped.length === 0) out.note('All stopped.');
}
