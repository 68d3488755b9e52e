import type { OutputLine } from '@promptbin/core';
import { colorOfName, type Palette, tameLine } from './color.ts';

/** Puts `name │ ` before what is said, all names in one column. */
export class Gutter {
  readonly #palette: Palette;
  readonly #names: readonly string[];
  readonly #width: number;

  /** `names` are those that will speak. */
  constructor(palette: Palette, names: readonly string[]) {
    this.#palette = palette;
    this.#names = names;
    this.#width = Math.max(...names.map(({ length }) => length), 0);
  }

  line({ name, text }: Pick<OutputLine, 'name' | 'text'>): string {
    return this.say(name, tameLine(text, this.#palette));
  }

  /** For text of our own, which may be coloured. */
  say(name: string, text: string): string {
    const color = colorOfName(this.#palette, Math.max(0, this.#names.indexOf(name)));
    return `${color(`${name.padEnd(this.#width)} │`)} ${text}`;
  }
}
