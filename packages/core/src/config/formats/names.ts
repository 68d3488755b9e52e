import { extname } from 'node:path';

const formats = new Map<string, 'module' | 'json' | 'yaml'>([
  ['.ts', 'module'],
  ['.mts', 'module'],
  ['.js', 'module'],
  ['.mjs', 'module'],
  ['.cjs', 'module'],
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['', 'yaml'],
]);

/** What a config in `file` is written in, by the name alone; undefined when it cannot be. */
export function formatOf(file: string): 'module' | 'json' | 'yaml' | undefined {
  return formats.get(extname(file));
}
