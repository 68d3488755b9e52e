import { fault } from '../fault.ts';

/**
 * Milliseconds of a duration that was given as a flag, such as `30s`.
 *
 * @throws PromptbinError `PB_COMMAND_INPUT`
 */
export async function durationOf(flag: string, text: string): Promise<number> {
  const { parseDuration } = await import('@promptbin/core/views');
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw await fault('PB_COMMAND_INPUT', `${flag} is "${text}", which is no duration.`, {
    hint: 'Write it with its unit: 500ms, 30s, 5m or 1h.',
  });
}
