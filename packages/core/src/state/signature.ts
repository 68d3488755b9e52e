// Each of these differs from one occurrence of the same message to the next. In this order: an id holds numbers.
const variable: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told colours by them.
  [/\u001B\[[0-?]*[ -/]*[@-~]/g, ''],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/(?:[\w.@~-]*\/){2,}[\w.@-]+/g, '<path>'],
  [/\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b/gi, '<hex>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
];
const longest = 400;

/**
 * What a line has in common with others of its kind: without colours, and with one word in the place of each id, time,
 * path and number. Lines with equal signatures are repetitions.
 */
export function signatureOf(text: string): string {
  const cut = text.slice(0, longest);
  return variable.reduce((rest, [pattern, word]) => rest.replace(pattern, word), cut).trim();
}
