/** Keys of a process that belong to a plugin of this project, `@promptbin/plugin-<key>`. */
export const officialKeys: readonly string[] = ['health', 'restart', 'fswatch', 'mcp'];

/** The package of a plugin of this project. */
export function officialPackage(key: string): string {
  return `@promptbin/plugin-${key}`;
}

/** The key that the package of a plugin of this project has; undefined for any other package. */
export function officialKeyOf(name: string): string | undefined {
  const key = name.slice(officialPackage('').length);
  return officialKeys.includes(key) && officialPackage(key) === name ? key : undefined;
}
