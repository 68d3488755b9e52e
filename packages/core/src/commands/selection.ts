import type { OutputLine } from '../contract/process.ts';

/** Chosen lines with those around them, as far as they are kept: the newest. */
export class Selection {
  /** Whether older ones were chosen, too, that are not kept. */
  isCut = false;
  readonly #context: number;
  readonly #most: number;
  #lines: OutputLine[] = [];
  /** The newest ones that were not chosen. */
  #before: OutputLine[] = [];
  /** How many of the next are context. */
  #owed = 0;

  /**
   * @param context how many lines around each are taken as well
   * @param most about how many are kept
   */
  constructor(context: number, most: number) {
    this.#context = context;
    this.#most = most;
  }

  get lines(): readonly OutputLine[] {
    return this.#lines;
  }

  /** To be called with each line, in order. */
  add(line: OutputLine, isChosen: boolean): void {
    if (isChosen) {
      this.#lines.push(...this.#before, line);
      this.#before = [];
      this.#owed = this.#context;
    } else if (this.#owed > 0) {
      this.#lines.push(line);
      this.#owed -= 1;
    } else if (this.#context > 0) {
      this.#before = [...this.#before, line].slice(-this.#context);
    }
    if (this.#lines.length < 2 * this.#most) return;
    this.#lines = this.#lines.slice(-this.#most);
    this.isCut = true;
  }
}
