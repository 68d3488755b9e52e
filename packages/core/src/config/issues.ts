import { PromptbinError } from '../errors/error.ts';

/** One mistake in a config. The `details` of a PB_CONFIG_INVALID error are a list of these. */
export interface ConfigIssue {
  readonly code:
    | 'PB_CONFIG_INVALID'
    | 'PB_PLUGIN_INVALID'
    | 'PB_PLUGIN_NOT_FOUND'
    | 'PB_PLUGIN_DUPLICATE'
    | 'PB_PLUGIN_OPTIONS';
  /** Such as `processes.web.command[0]`; empty for the config itself. */
  readonly path: string;
  /** What is wrong, with the value. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  /** Absolute. */
  readonly file?: string;
}

export type Path = readonly PropertyKey[];

/** Notes a mistake and goes on, so that one run tells all of them. */
export type Report = (
  path: Path,
  message: string,
  more?: { readonly hint?: string | undefined; readonly code?: ConfigIssue['code'] },
) => void;

/** A `Report` that appends to `issues`. */
export function reportTo(issues: ConfigIssue[], file: string | undefined): Report {
  return (path, message, { hint, code = 'PB_CONFIG_INVALID' } = {}) => {
    issues.push({
      code,
      path: formatPath(path),
      message,
      ...(hint !== undefined && { hint }),
      ...(file !== undefined && { file }),
    });
  };
}

/** The error that carries all mistakes; its message lists them, one a line. */
export function invalidConfig(issues: readonly ConfigIssue[], file: string | undefined): PromptbinError {
  const subject = file === undefined ? 'The config' : file;
  const count = issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`;
  const lines = issues.map(({ message, hint }) => `  ${message}${hint === undefined ? '' : ` ${hint}`}`);
  return new PromptbinError('PB_CONFIG_INVALID', `${subject} has ${count}:\n${lines.join('\n')}`, { details: issues });
}

/** `processes.web.command[0]`; a key that is no plain word stands in brackets. */
function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}

/** The path as the subject of a sentence. */
export function subjectOf(path: Path): string {
  return path.length === 0 ? 'The config' : formatPath(path);
}

/** A value as it can stand in a message: one line, not too long. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol' || value instanceof RegExp) return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // A circle, or a toJSON that throws.
    return 'an object';
  }
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
