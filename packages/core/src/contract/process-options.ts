export interface PortOptions {
  /** The port to try first. Default: the section's of `shared`, else any free port. */
  preferred?: number;
  /**
   * Fail when the preferred port is taken, naming its holder, instead of taking the next free one; and do not follow an
   * app that listens elsewhere. Default false.
   */
  strict?: boolean;
  /** The address to listen on. Default: the section's of `shared`, else 127.0.0.1. */
  host?: string;
  /** Variables that tell the child its port, beside PORT and PROMPTBIN_PORT. */
  env?: string | readonly string[];
  /**
   * promptbin opens the port and hands it to the process as descriptor 3, with LISTEN_FDS=1 and LISTEN_PID: while a crash or a
   * restart lasts, connections wait instead of being refused. The process must take it over. Not on Windows. Default false.
   */
  handoff?: boolean;
  /**
   * On a restart that is asked for, the new run begins while the old one serves, which is stopped when the new one is ready. When
   * that does not become ready, the old one goes on. Needs `handoff`. Default false.
   */
  overlap?: boolean;
}

/** What the kernel lets a process use, as `prlimit` of util-linux names it. */
export interface Ulimit {
  /** Address space, in bytes. */
  as?: number | 'unlimited';
  /** A core file, in bytes; 0 writes none. */
  core?: number | 'unlimited';
  /** Time on a processor, in seconds: then it gets SIGXCPU. */
  cpu?: number | 'unlimited';
  /** Data segment, in bytes. */
  data?: number | 'unlimited';
  /** A file that it writes, in bytes. */
  fsize?: number | 'unlimited';
  /** Memory locked into RAM, in bytes. */
  memlock?: number | 'unlimited';
  /** Open descriptors. */
  nofile?: number | 'unlimited';
  /** Processes of its user. */
  nproc?: number | 'unlimited';
  /** Resident memory, in bytes; Linux ignores it. */
  rss?: number | 'unlimited';
  /** Stack, in bytes. */
  stack?: number | 'unlimited';
}

/** What a process is started with, beside its command and its environment; the kernel hands it on to its children. */
export interface ProcessAttributes {
  /** What is taken from the rights of files that it makes, in octal digits: `027`. Default: that of promptbin. */
  umask?: string;
  /** How far it steps back for others, from -20 to 19; below 0 is for root alone. Default: as promptbin. */
  nice?: number;
  /** Soft and hard limits at once. Linux only. Default: as promptbin. */
  ulimit?: Ulimit;
  /** Whom it runs as, by name or number, with the groups and the home of that user. For root on Linux alone. Default: as promptbin. */
  user?: string;
  /** The group that it runs with. Default: that of `user`. */
  group?: string;
}
