import type { Screen } from './screen.ts';

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** A terminal that is drawn on again and again, and is as it was before when this is disposed of, with the last drawing below. */
export class Canvas implements Disposable {
  readonly #screen: Screen;
  #last: readonly string[] = [];
  #isLeft = false;

  constructor(screen: Screen) {
    this.#screen = screen;
    screen.write(enter);
  }

  /** In place of what was drawn before. What has no room is counted. */
  draw(lines: readonly string[]): void {
    if (this.#isLeft) return;
    this.#last = lines;
    const room = (this.#screen.rows ?? Number.POSITIVE_INFINITY) - 1;
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more`];
    this.#screen.write(`${home}${shown.map((line) => `${line}${clearLine}\n`).join('')}${clearBelow}`);
  }

  [Symbol.dispose](): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#screen.write(leave);
    for (const line of this.#last) this.#screen.line(line);
  }
}
