import type { OutputLine } from '@promptbin/core';
import { colorOfName, type Palette, tameLine } from './color.ts';

/** Puts `name │ ` before what is said, all names in one column. */
export class Gutter {
  readonly #palette: Palette;
  readonly #names: string[] = [];
  #width = 0;

  /** `names` are those that will speak. */
  constructor(palette: Palette, names: readonly string[]) {
    this.#palette = palette;
    for (const name of names) this.add(name);
  }

  /** One more will speak, or one that was there speaks again. */
  add(name: string): void {
    if (!this.#names.includes(name)) this.#names.push(name);
    this.#width = Math.max(this.#width, name.length);
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
