/** Where to read on. */
export interface Resumption {
  /** Undefined: no cursor was given. */
  readonly after: number | undefined;
  /** For the caller: that the cursor is not of this manager. */
  readonly note?: string;
}

/**
 * What a cursor means here. Each manager counts from 1, so that one which nothing has reached yet is of another: all that this one
 * has is then new to the caller.
 */
export function resumeFrom(cursor: number | undefined, newest: number): Resumption {
  if (cursor === undefined || cursor <= newest) return { after: cursor };
  return { after: 0, note: `cursor ${cursor} is of a manager that has ended, and this one counts from 1: all is new` };
}
