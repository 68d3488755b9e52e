import type { ConfigLayer, Position } from '../../contract/config-source.ts';

/** A text as its format reads it. */
export interface Reading extends Pick<ConfigLayer, 'locate'> {
  readonly value: unknown;
}

/** Where a parser has stumbled. */
export interface SyntaxFault extends Position {
  /** A sentence. */
  readonly message: string;
}

/** A text that its format cannot read. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
  readonly faults: readonly SyntaxFault[];

  /** Of the faults in one line only the first is kept: the others mostly follow from it. */
  constructor(faults: readonly SyntaxFault[]) {
    const kept = faults.filter(({ line }, index) => faults.findIndex((other) => other.line === line) === index);
    super(kept.map(({ message }) => message).join(' '));
    this.faults = kept;
  }
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
