import type { ProcessView } from '@promptbin/core';

export type ProcessCommand = 'process.start' | 'process.stop' | 'process.restart';

/** What a key asks for. */
export type Wish =
  | { readonly kind: 'quit' | 'help' | 'close' }
  | { readonly kind: 'logs' | 'why'; readonly name: string }
  | { readonly kind: 'call'; readonly command: ProcessCommand; readonly name: string };

const verbs: Readonly<Record<ProcessCommand, string>> = {
  'process.start': 'Start',
  'process.stop': 'Stop',
  'process.restart': 'Restart',
};

type Pending = Extract<Wish, { kind: 'call' }>;

/** Which process is meant, and what the keys mean for it. Asks before anything is ended. Knows no terminal. */
export class Board {
  #views: readonly ProcessView[] = [];
  #name: string | undefined;
  #pending: Pending | undefined;
  /** Whether something else is shown in place of the table. */
  isCovered = false;

  /** How they stand now: the same process stays selected. */
  show(views: readonly ProcessView[]): void {
    this.#views = views;
    if (!views.some(({ name }) => name === this.#name)) this.#name = views[0]?.name;
  }

  get selected(): ProcessView | undefined {
    return this.#views.find(({ name }) => name === this.#name);
  }

  /** What is to be answered with `y`; undefined when nothing is asked. */
  get question(): string | undefined {
    return this.#pending && `${verbs[this.#pending.command]} ${this.#pending.name}? y/n`;
  }

  press(key: string): Wish | undefined {
    if (key === 'ctrl-c') return { kind: 'quit' };
    if (this.#pending !== undefined) {
      const pending = this.#pending;
      this.#pending = undefined;
      return key === 'y' ? pending : undefined;
    }
    if (key === 'escape' || key === 'q') return { kind: this.isCovered ? 'close' : 'quit' };
    if (this.isCovered) return undefined;
    if (key === 'up' || key === 'k') return this.#move(-1);
    if (key === 'down' || key === 'j') return this.#move(1);
    if (key === '?' || key === 'h') return { kind: 'help' };
    return this.#pressFor(key, this.selected);
  }

  #pressFor(key: string, view: ProcessView | undefined): Wish | undefined {
    if (view === undefined) return undefined;
    const { name } = view;
    if (key === 'l' || key === 'return') return { kind: 'logs', name };
    if (key === 'w') return { kind: 'why', name };
    if (key === 'r') this.#pending = { kind: 'call', command: 'process.restart', name };
    else if (key === 's' && view.desired === 'up') this.#pending = { kind: 'call', command: 'process.stop', name };
    // What is down has nothing to lose.
    else if (key === 's') return { kind: 'call', command: 'process.start', name };
    return undefined;
  }

  #move(by: number): undefined {
    const index = this.#views.findIndex(({ name }) => name === this.#name);
    this.#name = this.#views[Math.min(this.#views.length - 1, Math.max(0, index + by))]?.name;
  }
}
