import { InvalidArgumentError } from 'commander';

/** A whole number, of lines or events, or the `seq` of one. */
export function count(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is not a whole number.');
}
