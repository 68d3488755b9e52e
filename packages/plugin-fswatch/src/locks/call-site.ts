/** Where in the program `entry` was called, such as `save (app.ts:12:5)`. */
export function callSite(entry: (...given: never[]) => unknown): string | undefined {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, entry);
  return trace.stack?.split('\n')[1]?.trim().replace(/^at /, '');
}
