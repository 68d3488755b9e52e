import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, createManager, type EventType, type Manager, type ManagerEvent } from '@promptbin/core';

export interface Managed extends AsyncDisposable {
  readonly manager: Manager;
  readonly events: readonly ManagerEvent[];
  /** The data of all events of one type so far. */
  eventsOf<K extends EventType>(type: K): ManagerEvent<K>['data'][];
  /** Writes a file of the folder. */
  write(file: string, text: string): Promise<void>;
  /** How many incarnations of the fixture have left their line in the file. */
  marks(file: string): Promise<number>;
}

/** A manager in a folder of its own that holds `app.py`; both go at the end of the scope. */
export async function manage(config: Config): Promise<Managed> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await writeFile(join(root, 'app.py'), 'as it was');
  const manager = await createManager(config, { root, log: false });
  const events: ManagerEvent[] = [];
  const listening = (async () => {
    for await (const event of manager.subscribe({ after: 0 })) events.push(event);
  })();
  return {
    manager,
    events,
    eventsOf: <K extends EventType>(type: K) =>
      events.flatMap((event) => (event.type === type ? [(event as ManagerEvent<K>).data] : [])),
    write: (file, text) => writeFile(join(root, file), text),
    async marks(file) {
      const text = await readFile(join(root, file), 'utf8').catch(() => '');
      return text.split('\n').length - 1;
    },
    async [Symbol.asyncDispose]() {
      await manager.close();
      await listening;
      await rm(root, { recursive: true, force: true });
    },
  };
}
