/** Where to read on. */
export interface Resumption {
  /** Undefined: no cursor was given. */
  readonly after: number | undefined;
  /** For the caller: that the cursor is not of this manager. */
  readonly note?: string;
}

/**
 * What a cursor means here. One that nothing has reached yet is of a manager whose count this one does not go on with: all that
 * this one has is then new to the caller.
 *
 * @param start what was counted before this manager began
 */
export function resumeFrom(cursor: number | undefined, newest: number, start = 0): Resumption {
  if (cursor === undefined || cursor <= newest) return { after: cursor };
  const note = `cursor ${cursor} is of a manager that has ended, and this one counts from ${start + 1}: all is new`;
  return { after: start, note };
}
