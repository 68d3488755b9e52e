import { type ManagerEvent, messageOf, type ProcessView } from '@promptbin/core';
import type { Context } from '../context.ts';
import type { Action } from '../settings.ts';
import { post } from './post.ts';
import type { ToldFile } from './told-file.ts';

/** An action upon a process that goes on. */
export type Delivery = Extract<Action, { kind: 'signal' | 'run' | 'post' }>;

/** How much of the output of a command is told, bytes. */
const shownBytes = 2000;
/** How often is looked whether they are done, ms. */
const lookAgainMs = 50;

interface Entry {
  /** What it is for; undefined: nothing new since the last one began. */
  files: readonly ToldFile[] | undefined;
  running: boolean;
}

/** Signals, commands and requests upon changes: one at a time of each, and once more for what came meanwhile. */
export class Deliveries {
  readonly #ctx: Context;
  /** By the process, and by what is to be done. */
  readonly #entries = new Map<string, Map<Delivery, Entry>>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
    ctx.hooks.event.tap('deliver', (event) => this.#hear(event));
  }

  add(name: string, action: Delivery, files: readonly ToldFile[]): void {
    const entries = this.#entries.get(name) ?? new Map<Delivery, Entry>();
    this.#entries.set(name, entries);
    const entry = entries.get(action) ?? { files: undefined, running: false };
    entries.set(action, entry);
    entry.files = [...(entry.files ?? []), ...files];
    this.#tryAll(name);
  }

  /** Resolves when nothing is under way for a process. Rejects with the reason of the signal. */
  async done(name: string, signal: AbortSignal): Promise<void> {
    while (
      [...(this.#entries.get(name)?.values() ?? [])].some(({ running, files }) => running || files !== undefined)
    ) {
      await this.#ctx.clock.sleep(lookAgainMs, signal);
    }
  }

  #hear({ type, data }: ManagerEvent): void {
    // What is spawned now reads the files as they are.
    if (type === 'process.exited' || type === 'process.spawned' || type === 'process.removed')
      this.#entries.delete(data.name);
    else if (type === 'process.condition' || type === 'process.phase') this.#tryAll(data.name);
  }

  #tryAll(name: string): void {
    const entries = this.#entries.get(name);
    if (entries === undefined) return;
    const process = this.#ctx.process(name);
    for (const [action, entry] of entries) {
      if (process === undefined || !isUp(process)) entry.files = undefined;
      else if (entry.files !== undefined && !entry.running && canTake(process, action))
        void this.#do(process, action, entry);
    }
  }

  async #do(process: ProcessView, action: Delivery, entry: Entry): Promise<void> {
    const files = entry.files ?? [];
    entry.files = undefined;
    entry.running = true;
    try {
      await this.#perform(process, action, files);
    } catch (fault) {
      const told = !this.#ctx.signal.aborted && this.#ctx.process(process.name)?.generation === process.generation;
      if (told) this.#fault(process.name, `${describe(action)} failed: ${messageOf(fault)}`);
    }
    entry.running = false;
    this.#tryAll(process.name);
  }

  async #perform(process: ProcessView, action: Delivery, files: readonly ToldFile[]): Promise<void> {
    const { name, url } = process;
    const { signal } = this.#ctx;
    switch (action.kind) {
      case 'signal':
        await this.#ctx.use('signals').send(process, action.signal);
        return;
      case 'post': {
        if (url === undefined) throw new Error('the process has no port');
        await post(new URL(action.path, url), { process: name, files, count: files.length }, signal);
        return;
      }
      case 'run': {
        const {
          code,
          signal: killedBy,
          output,
        } = await this.#ctx.use('exec').run(name, action, { signal, outputBytes: shownBytes });
        if (code !== 0) throw new Error(`${killedBy ?? `exit code ${code}`}: ${output.trim()}`);
        this.#ctx.emit('files.ran', { name, message: `${name}: ${describe(action)} is done` });
      }
    }
  }

  #fault(name: string, message: string): void {
    this.#ctx.emit('files.actionFault', { name, message: `${name}: ${message}` });
  }
}

function isUp({ desired, phase }: ProcessView): boolean {
  return desired === 'up' && (phase === 'starting' || phase === 'running');
}

/** A signal that comes too early ends a program that has not said yet what it does with it. */
function canTake(process: ProcessView, { kind }: Delivery): boolean {
  return kind === 'run' || process.ready;
}

function describe(action: Delivery): string {
  switch (action.kind) {
    case 'signal':
      return action.signal;
    case 'post':
      return `POST ${action.path}`;
    default:
      return `"${[action.command, ...action.args].join(' ')}"`;
  }
}
