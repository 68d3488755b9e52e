/** `14:02:03` of the local day; on another day with its date before it. `at` is ISO 8601, or ms since the epoch. */
export function clockTime(at: string | number, now: Date = new Date()): string {
  const [date = '', time = ''] = dayAndTime(new Date(at));
  return date === dayAndTime(now)[0] ? time : `${date} ${time}`;
}

/** Swedish writes both as ISO 8601 does. */
function dayAndTime(date: Date): readonly string[] {
  return date.toLocaleString('sv').split(' ');
}
