// What Python makes of text, so that this plugin and web/prompt.py judge, compare and cut it alike.

// Of what `str.split()` takes for a gap, Unicode does not count the separators U+001C to U+001F.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const gap = /[\p{White_Space}\u001c-\u001f]+/u;

/** Those that `str.casefold()` leaves alone, though they have a capital. */
const caseless = /[\u0131\u13a0-\u13f5]/u;
/** Letters of Cherokee fold to their capitals, which are the older ones. */
const cherokee = /[\uab70-\uabbf\u13f8-\u13fd]/u;

/** As `" ".join(text.split())`. */
export function inOneLine(text: string): string {
  return wordsOf(text).join(' ');
}

/** As `text.split()`. */
export function wordsOf(text: string): readonly string[] {
  return text.split(gap).filter((word) => word !== '');
}

/** As `text.casefold()`: made for comparing, so that "STRASSE" is found in "Straße". */
export function caseFold(text: string): string {
  return Array.from(text, foldOne).join('');
}

/** As `len(text)`: characters, and not halves of surrogate pairs. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function foldOne(character: string): string {
  if (caseless.test(character)) return character;
  if (cherokee.test(character)) return character.toUpperCase();
  // By the capitals, for some letters have more than one small form, and some capitals are two letters. One by one, for
  // JavaScript gives a sigma that ends a word its other form.
  const capitals = character.toLowerCase().toUpperCase();
  return Array.from(capitals, (capital) => capital.toLowerCase()).join('');
}
