import type { ManagerEvent, ProcessView, ResolvedConfig, ResolvedProcess } from '@promptbin/core';
import { nothing, type Remembered, readRemembered, writeRemembered } from './file.ts';

export interface MemoryParts {
  readonly file: string;
  process(name: string): ProcessView | undefined;
  processes(): readonly ProcessView[];
  /** Whether what is stopped on request stays so in a new manager; by the config that is in force, or by one to come. */
  isKept(process: ProcessView | ResolvedProcess): boolean;
  /** The file is damaged, or cannot be written. */
  fault(message: string): void;
  /** It stays down in this manager, for it was stopped on request before. */
  leftDown(name: string): void;
}

/** This manager, and no other before or after it. */
const thisManager = `${process.pid} ${performance.timeOrigin}`;

/** Who has been stopped on request, in this manager and in those before it. */
export class StoppedMemory {
  readonly #parts: MemoryParts;
  readonly #stopped = new Set<string>();
  readonly #leftDown = new Set<string>();
  #reading: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** The essence of what the file says. */
  #written = essence(nothing);
  #isClosing = false;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  has(name: string): boolean {
    return this.#stopped.has(name);
  }

  /**
   * Leaves those down that were stopped when the manager came up: the same ones at each reload, so that a reload finds no
   * difference in what has happened since.
   */
  async configure(config: ResolvedConfig): Promise<ResolvedConfig | undefined> {
    this.#reading ??= this.#read();
    await this.#reading;
    const processes = Object.values(config.processes);
    const changed = processes.filter((one) => one.autostart && this.#leftDown.has(one.name) && this.#parts.isKept(one));
    if (changed.length === 0) return undefined;
    const down = Object.fromEntries(changed.map((one) => [one.name, { ...one, autostart: false }]));
    return { ...config, processes: { ...config.processes, ...down } };
  }

  hear({ type, data }: ManagerEvent): void {
    if (type === 'manager.started') this.#begin();
    // What is stopped with the manager was not stopped by anybody.
    else if (type === 'manager.closing') this.#isClosing = true;
    else if (this.#isClosing) return;
    else if (type === 'process.desired') this.#note(data);
    else if (type === 'process.removed') {
      this.#leftDown.delete(data.name);
      if (this.#stopped.delete(data.name)) this.#write();
    }
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #begin(): void {
    for (const name of this.#leftDown) {
      const process = this.#parts.process(name);
      if (process?.desired === 'down' && this.#parts.isKept(process)) this.#parts.leftDown(name);
    }
    this.#write();
  }

  #note({ name, desired, cause }: ManagerEvent<'process.desired'>['data']): void {
    if (desired === 'up') {
      if (this.#stopped.delete(name)) this.#write();
      return;
    }
    const process = cause.code === 'requested' ? this.#parts.process(name) : undefined;
    if (process === undefined || !this.#parts.isKept(process)) return;
    this.#stopped.add(name);
    this.#write();
  }

  async #read(): Promise<void> {
    const { stopped, manager, leftDown, fault } = await readRemembered(this.#parts.file);
    if (fault !== undefined) this.#parts.fault(fault);
    this.#written = essence({ stopped, manager, leftDown });
    const processes = this.#parts.processes();
    const isBoot = processes.every(({ generation, desired }) => generation === 0 && desired === 'down');
    for (const name of stopped) {
      // Under settings that did not ask for a memory it may have been started since.
      if (!processes.some((one) => one.name === name && one.desired === 'up')) this.#stopped.add(name);
    }
    // In a manager that has come up, this plugin stands in the place of another one.
    const known = isBoot ? stopped : manager === thisManager ? leftDown : [];
    for (const name of known) this.#leftDown.add(name);
  }

  #write(): void {
    const { file, fault } = this.#parts;
    const remembered = { stopped: [...this.#stopped], manager: thisManager, leftDown: [...this.#leftDown] };
    const text = essence(remembered);
    if (text === this.#written) return;
    this.#written = text;
    this.#writing = this.#writing
      .then(() => writeRemembered(file, remembered))
      .catch((reason: unknown) => fault(`${file} cannot be written: ${String(reason)}`));
  }
}

/** What two of them differ in. Who has written it matters for what it has left down only. */
function essence({ stopped, manager, leftDown }: Remembered): string {
  return JSON.stringify(leftDown.length === 0 ? [stopped] : [stopped, leftDown, manager]);
}
