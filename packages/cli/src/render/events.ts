import { describeEvent, type ManagerEvent } from '@promptbin/core/views';
import type { Palette } from './color.ts';

/** An event as one line for people, coloured by its weight; undefined when other events tell it better. */
export function eventLine(event: ManagerEvent, palette: Palette): string | undefined {
  const { level, text } = describeEvent(event);
  if (level === 'debug') return undefined;
  return level === 'error' ? palette.red(text) : level === 'warn' ? palette.yellow(text) : text;
}
