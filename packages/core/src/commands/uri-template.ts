// The simplest of RFC 6570: variables such as `{id}`, each of which stands for one part of a path.

const variable = /\{(\w+)\}/g;

export function uriVariables(template: string): readonly string[] {
  return [...template.matchAll(variable)].map(([, name = '']) => name);
}

export function expandUri(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(variable, (_, name: string) => encodeURIComponent(String(values[name])));
}

/** The decoded values of the variables, in their order; undefined when `uri` is none of the template. */
export function matchUri(
  template: string,
  uri: string,
): readonly (readonly [name: string, text: string])[] | undefined {
  // Split by a pattern with a group, every second piece is the name of a variable.
  const pattern = template
    .split(variable)
    .map((piece, index) => (index % 2 === 1 ? '([^/?#]+)' : piece.replaceAll(/\W/g, '\\$&')));
  const values = new RegExp(`^${pattern.join('')}$`).exec(uri)?.slice(1);
  return values && uriVariables(template).map((name, index) => [name, decoded(values[index] ?? '')]);
}

/** What is not well encoded is a value that nothing has. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
