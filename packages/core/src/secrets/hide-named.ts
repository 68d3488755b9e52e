import type { SecretNames } from './names.ts';
import { marker } from './search.ts';

/** JSON with the marker in the place of each value that stands under the name of a secret. */
export function hideNamed(value: unknown, names: SecretNames): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => hideNamed(item, names));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, names(key) === undefined ? hideNamed(item, names) : String(marker)]),
  );
}
