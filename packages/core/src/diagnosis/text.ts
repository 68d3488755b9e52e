/** How much of a line is looked at, characters: what an error says stands at its beginning, and no pattern takes long. */
const longest = 600;

/** The beginning of a line as a person reads it: without what is told to terminals, and without blanks at its end. */
export function plainText(line: string): string {
  return line
    .slice(0, longest)
    .replace(sequences, '')
    .replace(controls, (found) => (found === '\t' ? found : ''))
    .trimEnd();
}

// Colours and the like, and titles of windows.
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by them.
const sequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const controls = /[\u0000-\u001F\u007F]/g;
