import type { ManagedProcess } from '../contract/manager.ts';
import type { FoundLine, WaitForLine } from '../contract/services.ts';
import { Slices } from '../kernel/slices.ts';
import { isUp } from '../state/phases.ts';
import { pagesAfter } from './pages.ts';
import type { LinePattern } from './pattern.ts';

/** A process whose output can be waited for. */
export interface Writing extends ManagedProcess {
  /** As the service `output` has it: of the present incarnation only. */
  waitForLine(fits: (text: string) => boolean, options: WaitForLine): Promise<FoundLine>;
}

/**
 * Resolves with the first line after `after` that matches, of whatever incarnation; with undefined when the process is down and will
 * not write any more by itself.
 *
 * @throws PromptbinError `PB_PATTERN_REFUSED`; the reason of the signal
 */
export async function untilLine(
  process: Writing,
  pattern: LinePattern,
  after: number,
  signal: AbortSignal,
): Promise<Pick<FoundLine, 'seq' | 'text'> | undefined> {
  const refused = new AbortController();
  // Called where the output comes in, which must not hear of faults.
  const fits = (text: string): boolean => {
    try {
      return pattern.test(text);
    } catch (fault) {
      refused.abort(fault);
      return false;
    }
  };
  for (let cursor = after; ; ) {
    // In this order: of what is down all output is there.
    const { view } = process;
    const slices = new Slices(signal);
    for (const page of pagesAfter(process, { after: cursor })) {
      for (const line of page.lines) {
        if (slices.isOver) await slices.next();
        if (pattern.test(line.text)) return line;
      }
      cursor = page.cursor;
    }
    if (!isUp(view)) return undefined;
    const over = new AbortController();
    const options = { signal: AbortSignal.any([signal, refused.signal, over.signal]) };
    const next = await Promise.race([
      process.waitForLine(fits, { ...options, after: cursor }),
      process.until((now) => now.generation !== view.generation || !isUp(now), options).then(() => undefined),
    ]).finally(() => over.abort());
    if (next !== undefined) return next;
  }
}
