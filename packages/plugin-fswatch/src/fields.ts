import type { CommandFields, Duration } from '@promptbin/core';

/**
 * What follows a change. `restart`: the process begins anew. `notify`: nothing but the event `files.changed`. `signal`: its
 * leader is sent SIGHUP, or another signal. `run`: a command runs beside it. `post`: the app is told by an HTTP POST.
 */
export type ActionFields =
  | 'restart'
  | 'notify'
  | 'signal'
  | { signal: NodeJS.Signals }
  | { run: CommandFields }
  | {
      /** A path of the app, such as `/changed`. */
      post: string;
    };

export interface WatchSettings {
  /** Folders and files, relative to the folder of the config. None is allowed where there is a `gate`. Default ['.']. */
  paths?: readonly string[] | undefined;
  /** Globs of the files that count. Default ['**\/*']. */
  include?: readonly string[] | undefined;
  /** Globs of files and folders that do not, beside the built-in ones. */
  ignore?: readonly string[] | undefined;
  /** Leave out what `.gitignore` files leave out. Default true. */
  gitignore?: boolean | undefined;
  /** This long without a change ends a burst. Default 50ms. */
  debounce?: Duration | undefined;
  /** A burst that goes on is acted upon after this long. Default 2s. */
  maxWait?: Duration | undefined;
  /** Look this often instead of being told by the system. Default: where that cannot tell, every 500 ms. */
  poll?: Duration | undefined;
  /** What follows a change. Default restart. */
  action?: ActionFields | undefined;
  /** Lock files, or globs of them: while one is held, the process does not start, and changes are not acted upon. */
  gate?: readonly string[] | undefined;
}

/** `true` is all defaults; a path or a list of them is `paths`; a list of settings is several watches. */
export type WatchFields = true | string | readonly string[] | WatchSettings | readonly WatchSettings[];
