/** What begins an escape sequence. */
const start = String.fromCharCode(0x1b);
const change = new RegExp(`${start}\\[\\?([\\d;]+)([hl])`, 'g');
/** Modes that are usually on. */
const usual: ReadonlySet<string> = new Set(['7', '25']);

/** Which modes a program has set in a terminal: another screen, no cursor, a mouse. */
export class TerminalModes {
  readonly #changed = new Set<string>();

  /** Of what the program shows. A sequence that is cut in two is not seen. */
  see(chunk: Uint8Array): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    for (const [, modes = '', end] of text.matchAll(change)) {
      for (const mode of modes.split(';')) {
        if ((end === 'h') === usual.has(mode)) this.#changed.delete(mode);
        else this.#changed.add(mode);
      }
    }
  }

  /** What to write so that the terminal is as it was before. */
  undo(): string {
    const back = [...this.#changed].reverse().map((mode) => `${start}[?${mode}${usual.has(mode) ? 'h' : 'l'}`);
    return `${back.join('')}${start}[0m`;
  }
}
