import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Config,
  createManager,
  type EventType,
  type Manager,
  type ManagerEvent,
  systemClock,
} from '@promptbin/core';
import { onTestFinished } from 'vitest';

export interface Managed extends AsyncDisposable {
  readonly manager: Manager;
  readonly root: string;
  readonly events: readonly ManagerEvent[];
  /** The data of all events of one type so far. */
  eventsOf<K extends EventType>(type: K): ManagerEvent<K>['data'][];
  /** Writes a file of the folder. */
  write(file: string, text: string): Promise<void>;
  /** The same in one step, for a file that is read again and again: nobody finds it empty. */
  put(file: string, text: string): Promise<void>;
  /** The lines of a file of the folder; none when it is not there. */
  lines(file: string): Promise<readonly string[]>;
  /** How many incarnations of a fixture have left their line in the file. */
  marks(file: string): Promise<number>;
}

/** A manager in a folder of its own that holds `files`; both go at the end of the scope. */
export async function manage(config: Config, files: Readonly<Record<string, string>> = {}): Promise<Managed> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const write = (file: string, text: string): Promise<void> => writeFile(join(root, file), text);
  for (const [file, text] of Object.entries(files)) await write(file, text);
  // To a watch that begins now, what was written within the last 10 ms counts as written after that.
  if (Object.keys(files).length > 0) await systemClock.sleep(20);
  const lines = async (file: string): Promise<readonly string[]> => {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  };
  const manager = await createManager(config, { root, log: false });
  const events: ManagerEvent[] = [];
  const listening = (async () => {
    for await (const event of manager.subscribe({ after: 0 })) events.push(event);
  })();
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ended ??= (async () => {
      await manager.close();
      await listening;
      await rm(root, { recursive: true, force: true });
    })();
    return ended;
  };
  // Also when a test fails before it has got to its `await using`.
  onTestFinished(end);
  return {
    manager,
    root,
    events,
    eventsOf: <K extends EventType>(type: K) =>
      events.flatMap((event) => (event.type === type ? [(event as ManagerEvent<K>).data] : [])),
    write,
    put: async (file, text) => {
      await write(`${file}.new`, text);
      await rename(join(root, `${file}.new`), join(root, file));
    },
    lines,
    marks: async (file) => (await lines(file)).length,
    [Symbol.asyncDispose]: end,
  };
}
