/** How much of a line is looked at, characters: what an error says stands at its beginning, and no pattern takes long. */
const longest = 600;

/** The beginning of a line as a person reads it: without colours and other control characters, and without blanks at its end. */
export function plainText(line: string): string {
  return line
    .slice(0, longest)
    .replace(colours, '')
    .replace(controls, (found) => (found === '\t' ? found : ''))
    .trimEnd();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them.
const colours = /\u001B\[[0-?]*[ -/]*[@-~]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const controls = /[\u0000-\u001F\u007F]/g;
