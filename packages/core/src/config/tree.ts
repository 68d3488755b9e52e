import type { ConfigPath } from '../contract/config-source.ts';
import { subjectOf } from './path.ts';

/** Why a value cannot be followed to its end. */
export interface TreeFault {
  readonly path: ConfigPath;
  /** A sentence. */
  readonly message: string;
}

/**
 * What is no tree in a config, or would be lost when it is copied: an object inside itself, as an alias of YAML can make,
 * and a key `__proto__`.
 */
export function treeFaults(config: object): readonly TreeFault[] {
  const faults: TreeFault[] = [];
  const around = new Map<object, ConfigPath>();
  const done = new Set<object>();

  const visit = (value: unknown, path: ConfigPath): void => {
    if (typeof value !== 'object' || value === null || done.has(value) || isMadePlugin(value, path)) return;
    const outer = around.get(value);
    if (outer !== undefined) {
      faults.push({ path, message: `${subjectOf(path)} stands for what it is a part of: ${subjectOf(outer)}.` });
      return;
    }
    around.set(value, path);
    for (const [key, item] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      if (key === '__proto__') {
        faults.push({ path: at, message: `${subjectOf(path)} has a key "__proto__", which no object can have.` });
      } else visit(item, at);
    }
    around.delete(value);
    done.add(value);
  };
  visit(config, []);
  return faults;
}

/** Whatever it holds is its own business. */
function isMadePlugin(value: object, path: ConfigPath): boolean {
  return path.length === 2 && path[0] === 'plugins' && !Array.isArray(value);
}
