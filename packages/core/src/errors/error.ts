import type { PublicError } from '../contract/commands.ts';
import type { errorCodes } from './codes.ts';

/** A code of the table in `codes.ts`. */
export type KnownCode = keyof typeof errorCodes;

const brand = Symbol.for('promptbin.error');

export interface ErrorFacts {
  /** One imperative sentence. */
  hint?: string | undefined;
  process?: string | undefined;
  plugin?: string | undefined;
  /** Facts for programs, such as the status of the process that did not start. */
  details?: unknown;
  cause?: unknown;
}

/** The one error class. `message` says what happened, with the value; `hint` says what to do. */
export class PromptbinError extends Error {
  override readonly name = 'PromptbinError';
  readonly code: KnownCode;
  readonly hint?: string;
  readonly process?: string;
  readonly plugin?: string;
  readonly details?: unknown;

  constructor(code: KnownCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    if (facts.hint !== undefined) this.hint = facts.hint;
    if (facts.process !== undefined) this.process = facts.process;
    if (facts.plugin !== undefined) this.plugin = facts.plugin;
    if (facts.details !== undefined) this.details = facts.details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an error of any copy of this package, unlike `instanceof`. */
  static is(value: unknown): value is PromptbinError {
    return typeof value === 'object' && value !== null && brand in value;
  }

  toJSON(): PublicError {
    return this.hint === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, hint: this.hint };
  }
}

/** The message of anything that can be thrown. */
export function messageOf(fault: unknown): string {
  if (fault instanceof Error) return fault.message;
  if (PromptbinError.is(fault)) return fault.message;
  return String(fault);
}
