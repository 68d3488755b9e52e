import { stripVTControlCharacters } from 'node:util';
import { messageOf, PromptbinError } from '../errors/error.ts';

/** Instructions of the compiled pattern: a line takes time in proportion to them. */
const mostInstructions = 500;
/** A line that takes longer is a slow one, ms. */
const slowMs = 5;
/** So long may all slow lines take together, ms. */
const patienceMs = 1000;

/**
 * A pattern for lines of output. Its engine needs linear time, and yet a large pattern on long lines adds up: that is refused, too.
 */
export interface LinePattern {
  /**
   * Whether it is found in the line, without the escapes of terminals.
   *
   * @throws PromptbinError `PB_PATTERN_REFUSED` when it takes too long
   */
  test(text: string): boolean;
}

/** @throws PromptbinError `PB_PATTERN_REFUSED` */
export async function compilePattern(source: string): Promise<LinePattern> {
  // Loaded when first needed: a manager that starts has no use for it.
  const { RE2JS } = await import('re2js');
  const shown = JSON.stringify(source);
  const refuse = (why: string, hint: string): never => {
    throw new PromptbinError('PB_PATTERN_REFUSED', `The pattern ${shown} ${why}.`, { hint });
  };
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(source);
  } catch (fault) {
    const why = messageOf(fault).replace('error parsing regexp: ', '');
    return refuse(
      `cannot be read: ${why}`,
      'Use the syntax of RE2, without look-around and back-references, and write "\\(" for "(" itself.',
    );
  }
  if (compiled.programSize() > mostInstructions) refuse('is too large', 'Use fewer or shorter repetitions.');
  let spentMs = 0;
  return {
    test(text) {
      const began = performance.now();
      // Most lines have no escapes.
      const found = compiled.test(text.includes('\u001B') ? stripVTControlCharacters(text) : text);
      const tookMs = performance.now() - began;
      if (tookMs > slowMs) spentMs += tookMs;
      if (spentMs > patienceMs) refuse('takes too long on these lines', 'Use fewer or shorter repetitions.');
      return found;
    },
  };
}
