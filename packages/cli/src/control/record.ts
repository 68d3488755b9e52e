import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/** `manager.json`: who manages a project, and where it can be asked. */
export interface ManagerRecord {
  readonly pid: number;
  /** The folder of the config. */
  readonly project: string;
  readonly socket: string;
  /** ISO 8601. */
  readonly since: string;
  readonly version: string;
}

export async function writeRecord(file: string, record: ManagerRecord): Promise<void> {
  // A view only reads records, and is there before core is.
  const { writeFileAtomic } = await import('@promptbin/core');
  await writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

export async function removeRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** What the file says, true or stale; undefined when it says nothing. */
export function readRecord(file: string): ManagerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<ManagerRecord> | null;
    return typeof record?.socket === 'string' && typeof record.pid === 'number' ? (record as ManagerRecord) : undefined;
  } catch {
    return undefined;
  }
}
