import { realpathSync } from 'node:fs';
import { version } from '../version.ts';
import { watchClients } from './ephemeral.ts';
import { LocalSource } from './local-source.ts';
import type { ProjectFiles } from './project.ts';
import { type ManagerRecord, removeRecord, writeRecord } from './record.ts';
import { serveControl } from './server.ts';
import { socketPath } from './socket-path.ts';

export interface HostOptions {
  readonly files: ProjectFiles;
  readonly lock: Disposable;
  /** Called when the manager of MCP clients has none left; absent for a manager that stays. */
  readonly onDeserted?: () => void;
}

/** The control socket and what stands beside it. Disposing of it takes all of it back and lets the lock go last. */
export interface Host extends AsyncDisposable {
  readonly source: LocalSource;
}

/** Opens the control socket before there is a manager, so that whoever comes second finds someone to talk to. */
export async function openHost({ files, lock, onDeserted }: HostOptions): Promise<Host> {
  const record: ManagerRecord = {
    pid: process.pid,
    project: realpathSync(files.root),
    socket: socketPath(files.root),
    since: new Date().toISOString(),
    version,
  };
  const source = new LocalSource(record, onDeserted !== undefined);
  const desert = (): void => {
    if (source.isEphemeral) onDeserted?.();
  };
  const join = onDeserted && watchClients(desert);
  const server = await serveControl({ socket: record.socket, source, ...(join && { join }) });
  await writeRecord(files.record, record);
  return {
    source,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await removeRecord(files.record);
      lock[Symbol.dispose]();
    },
  };
}
