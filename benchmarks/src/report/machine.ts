import { execFileSync } from 'node:child_process';
import { cpus, release, type as systemName, totalmem } from 'node:os';

/** What was measured, and where. */
export interface Circumstances {
  /** ISO date. */
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Those that took part, with their versions. */
  readonly contenders: Readonly<Record<string, string>>;
  /** Those that are not installed here. */
  readonly missing: readonly string[];
}

export function circumstances(
  root: string,
  contenders: Readonly<Record<string, string>>,
  missing: readonly string[],
): Circumstances {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    contenders,
    missing,
  };
}
