import type { ConfigPath, ConfigSource } from '../contract/config-source.ts';

/** One mistake in a config. The `details` of a PB_CONFIG_INVALID error are a list of these. */
export interface ConfigIssue {
  readonly code:
    | 'PB_CONFIG_INVALID'
    | 'PB_CONFIG_UNREADABLE'
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
  /** The wrong value, as it stands in the message: not in full when it is long, `[secret]` when it is one. */
  readonly value?: string;
  /** The package of the plugin that an unknown key would belong to. */
  readonly owner?: string;
  /** Where it is written. Absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The lines around, with a caret; secrets are not shown. */
  readonly frame?: string;
  /** The option of the command line that says it, such as `--set web.port=x`, if no file does. */
  readonly option?: string;
}

export type Path = ConfigPath;

/** A mistake before it is known where it stands. */
export interface Mistake extends Pick<ConfigIssue, 'code' | 'message' | 'hint' | 'value' | 'owner' | 'option'> {
  readonly path: Path;
  /** What is wrong: the key, what stands under it, or the object around that lacks it. Default `value`. */
  readonly at?: 'key' | 'value' | 'around';
}

/** Notes a mistake and goes on, so that one run tells all of them. */
export type Report = (
  path: Path,
  message: string,
  more?: {
    readonly hint?: string | undefined;
    readonly code?: ConfigIssue['code'];
    readonly value?: string | undefined;
    readonly owner?: string | undefined;
    readonly at?: Mistake['at'];
  },
) => void;

/** A `Report` that appends to `mistakes`. */
export function reportTo(mistakes: Mistake[]): Report {
  return (path, message, { hint, code = 'PB_CONFIG_INVALID', value, owner, at } = {}) => {
    mistakes.push({
      code,
      path,
      message,
      ...(hint !== undefined && { hint }),
      ...(value !== undefined && { value }),
      ...(owner !== undefined && { owner }),
      ...(at !== undefined && { at }),
    });
  };
}

/** What all checks of one config have in common. */
export interface Checking {
  readonly report: Report;
  /** The config's `secrets`: what stands under such names is not shown. */
  readonly secrets: readonly string[];
  /** Absent for a config that is no file. */
  readonly source?: ConfigSource | undefined;
}
