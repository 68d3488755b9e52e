import type { Position } from '../contract/config-source.ts';
import { PromptbinError } from '../errors/error.ts';
import type { ConfigIssue } from './issues.ts';

export interface Place extends Partial<Position> {
  readonly file: string;
}

/** A config file that exists and cannot be used. */
export function unreadable(at: string | Place, reason: string, hint?: string, cause?: unknown): PromptbinError {
  const place = typeof at === 'string' ? { file: at } : at;
  return unreadableAt(place, { file: place.file, reason, hint, cause });
}

export function tooSlow(file: string, limitMs: number): PromptbinError {
  return unreadable(
    file,
    `it did not finish loading within ${limitMs / 1000} s`,
    'Take out what waits or loops: a config only says what is to run.',
  );
}

export interface UnreadableFacts {
  /** The config, whose fault it is that something in another file is wrong. */
  readonly file: string;
  readonly reason: string;
  readonly hint?: string | undefined;
  readonly frame?: string | undefined;
  readonly cause?: unknown;
}

/** The same with more facts. */
export function unreadableAt(place: Place, { file, reason, hint, frame, cause }: UnreadableFacts): PromptbinError {
  const message = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  const issue: ConfigIssue = {
    code: 'PB_CONFIG_UNREADABLE',
    path: '',
    message,
    ...(hint !== undefined && { hint }),
    ...place,
    ...(frame !== undefined && { frame }),
  };
  return new PromptbinError('PB_CONFIG_UNREADABLE', `${written(place, file)}: ${message}`, {
    hint,
    cause,
    details: [issue],
  });
}

/** In another file than the config, that is named as well. */
export function written({ file: found, line, column }: Place, file: string): string {
  const place = [found, line, column].filter((part) => part !== undefined).join(':');
  return found === file ? place : `${file}: ${place}`;
}
