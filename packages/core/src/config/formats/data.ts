import { basename } from 'node:path';
import type { PromptbinError } from '../../errors/error.ts';
import type { ConfigIssue } from '../issues.ts';
import { type Reading, UnreadableText } from './reading.ts';

/**
 * Reads a config that is data: in a `package.json` what stands under the key "promptbin".
 *
 * @throws PromptbinError `PB_CONFIG_UNREADABLE`, with every slip in `details`
 */
export async function readData(file: string, text: string, format: 'json' | 'yaml', root: string): Promise<Reading> {
  // What is empty is no JSON, and says more than that.
  if (text.trim() === '') return { value: undefined, locate: () => undefined };
  try {
    if (format === 'yaml') return (await import('./yaml.ts')).readYaml(text);
    return (await import('./json.ts')).readJson(text, basename(file) === 'package.json' ? 'promptbin' : undefined);
  } catch (fault) {
    throw fault instanceof UnreadableText ? await unreadableData(file, text, fault, root) : fault;
  }
}

/** The error for slips in a text, each with its place and the lines around. */
export async function unreadableData(
  file: string,
  text: string,
  cause: UnreadableText,
  root: string,
): Promise<PromptbinError> {
  const [{ frameOf }, { redactText }, { issueError }] = await Promise.all([
    import('../frame.ts'),
    import('../redact.ts'),
    import('../invalid.ts'),
  ]);
  const shown = redactText(text, []);
  const issues = cause.faults.map(({ message, line, column }): ConfigIssue => {
    const frame = frameOf(shown, { line, column });
    return { code: 'PB_CONFIG_UNREADABLE', path: '', message, file, line, column, ...(frame && { frame }) };
  });
  return issueError('PB_CONFIG_UNREADABLE', issues, { root, subject: file, cause });
}
