import { envFilesOf, type Manager, type ReloadReport } from '@promptbin/core';
import { FileWatch } from './file-watch.ts';
import type { ManagedConfig } from './managed-config.ts';

export interface ConfigWatchOptions {
  readonly manager: Manager;
  readonly config: ManagedConfig;
  /** Of a config that is refused the event `config.rejected` tells. */
  reloaded(report: ReloadReport): void;
  /** The system refuses to watch. */
  failed(fault: Error): void;
}

/** As the manager's record says it. */
const caller = 'watch-config';

/** Has the manager take its config anew whenever a file of it changes. */
export function watchConfig({ manager, config, reloaded, failed }: ConfigWatchOptions): Disposable {
  const watch = new FileWatch({
    // The manager takes one reload after another.
    async changed() {
      const result = await manager.call('config.reload', {}, { caller });
      if (result.ok) reloaded(result.value as ReloadReport);
    },
    failed,
  });
  // Whoever asks for a reload: from then on these files count.
  config.follow(({ config: read, files, root }) => watch.follow([...files, ...envFilesOf(read, root)]));
  return watch;
}
