import { describeEvent, isAtLeast, type Level, type ManagerEvent } from '@promptbin/core/words';
import { type Palette, tameLine } from './color.ts';

/** An event as lines for people, coloured by its weight; none when other events tell it better. */
export function eventLines(event: ManagerEvent, palette: Palette, least: Level = 'info'): readonly string[] {
  const { level, text } = describeEvent(event);
  if (!isAtLeast(level, least)) return [];
  const paint = level === 'error' ? palette.red : level === 'warn' ? palette.yellow : (line: string): string => line;
  return text.split('\n').map((line) => paint(tameLine(line, palette)));
}
