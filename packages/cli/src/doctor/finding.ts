/** What a check has found. */
export interface Finding {
  /** Such as `ports`. */
  readonly check: string;
  /** A warning may stay as it is; a problem keeps something from working. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** One sentence. */
  readonly text: string;
  /** What shows it, a line each. */
  readonly evidence?: readonly string[];
  /** What a person can do, in the imperative. */
  readonly advice?: string;
  readonly repair?: Repair;
}

/** With what would be done about it in words. */
export function forPrograms({ repair, ...finding }: Finding): object {
  return repair === undefined ? finding : { ...finding, repair: repair.text };
}

/** What `--fix` does about it. */
export interface Repair {
  /** In the imperative, such as `end pid 4411`. */
  readonly text: string;
  /** Tells what it has done. Rejects when it could not be done. */
  run(): Promise<string>;
}
