import { envFilesOf, type Manager, type ReloadReport } from '@promptbin/core';
import { FileWatch } from '../control/file-watch.ts';
import type { ManagedConfig } from '../control/managed-config.ts';
import { showPlan } from '../render/plan.ts';
import type { Invocation } from './invocation.ts';

/** As the manager's record says it. */
const caller = 'watch-config';

/** Has the manager take its config anew whenever a file of it changes. What it refuses its events tell. */
export function watchConfig(manager: Manager, config: ManagedConfig, { json, out, err }: Invocation): Disposable {
  const watch = new FileWatch({
    // The manager takes one reload after another.
    async changed() {
      const result = await manager.call('config.reload', {}, { caller });
      if (!result.ok || json) return;
      const report = result.value as ReloadReport;
      if (report.applied) showPlan(out, report);
    },
    failed: ({ message }) => err.line(`Not every file of the config is watched: ${message}`),
  });
  // Whoever asks for a reload: from then on these files count.
  config.follow(({ config: read, files, root }, faulty) => {
    watch.follow([...files, ...envFilesOf(read, root), ...faulty]);
  });
  return watch;
}
