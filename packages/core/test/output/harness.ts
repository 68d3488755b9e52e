import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { OutputStore, type OutputStoreOptions } from '../../src/output/store.ts';
import { Redactor } from '../../src/secrets/redactor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export interface TestStore {
  readonly store: OutputStore;
  readonly clock: VirtualClock;
  readonly folder: string;
  readonly file: string;
  readonly faults: string[];
}

export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A store in its first incarnation, with a file in a folder of its own that does not exist yet. */
export async function testStore(options: Partial<OutputStoreOptions> = {}): Promise<TestStore> {
  const folder = await testFolder();
  const file = join(folder, 'logs', 'web.log');
  const clock = new VirtualClock();
  const faults: string[] = [];
  const store = new OutputStore({
    name: 'web',
    file,
    maxSizeBytes: 1 << 20,
    maxFiles: 2,
    compress: false,
    mode: 'pipe',
    format: 'raw',
    ringBytes: 64 << 10,
    clock,
    redactor: new Redactor(),
    onFault: (message) => faults.push(message),
    ...options,
  });
  onTestFinished(() => store.close());
  store.begin(1);
  return { store, clock, folder, file: options.file ?? file, faults };
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);
