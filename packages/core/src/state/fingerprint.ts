/** Marks of what a run was made of, by its path: equal ones were, most surely, the same. */
export type Fingerprint = Readonly<Record<string, string>>;

/** The paths at which two runs differ. */
export function differing(one: Fingerprint, other: Fingerprint): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => one[path] !== other[path]);
}
