import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

export type Palette = ReturnType<typeof picocolors.createColors>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours on a terminal only; NO_COLOR takes them away, FORCE_COLOR asks for them anywhere (0 or false: nowhere). */
export function paletteFor(stream: { readonly isTTY?: boolean }, env: Environment = process.env): Palette {
  return picocolors.createColors(wantsColor(stream, env));
}

function wantsColor({ isTTY }: { readonly isTTY?: boolean }, env: Environment): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY === true && env.TERM !== 'dumb';
}

const prefixes = ['cyan', 'magenta', 'green', 'yellow', 'blue'] as const;

/** A colour of its own for each of the first five names. */
export function colorOfName(palette: Palette, index: number): (text: string) => string {
  return palette[prefixes[index % prefixes.length] ?? 'cyan'];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const colorSequence = /(\x1b\[[\d;:]*m)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** A line of a child as it may reach the terminal: it keeps its colours, but cannot move the cursor or clear the screen. */
export function tameLine(text: string, palette: Palette): string {
  const pieces = text.split(colorSequence);
  if (!palette.isColorSupported || pieces.length === 1) return plain(text);
  return palette.reset(pieces.map((piece, index) => (index % 2 === 1 ? piece : plain(piece))).join(''));
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '');
}
