/** Who has a lock, as its marker says. */
export interface LockHolder {
  readonly pid: number;
  /** As the holder calls its machine; in a container with the number of its pid namespace. */
  readonly host: string;
  /** Whether that process still runs; undefined on another host, of which nothing can be told. */
  readonly alive?: boolean;
}

/** A file that is there as long as a lock is held: what it says, and what is known of it. */
export interface MarkerView {
  /** Absolute. */
  readonly file: string;
  /** `ours`: held by this process. `holder`: by the one it names. `unknown`: it names nobody, as that of git does. */
  readonly kind: 'ours' | 'holder' | 'unknown';
  readonly holder?: LockHolder;
  /** Since the file was written, by the wall clock, ms. */
  readonly ageMs: number;
  /** The holder has ended without removing it: the next who wants the lock gets it. */
  readonly stale: boolean;
}

export interface LockView {
  /** What is locked, absolute. */
  readonly path: string;
  /** Undefined when nobody has the lock now. */
  readonly marker?: MarkerView;
  /** Where in the program this manager acquired it, such as `save (app.ts:12:5)`. */
  readonly acquiredAt?: string;
  /** How many wait for it in this manager. */
  readonly waiting: number;
}

export interface LockOptions {
  /** How long to wait, ms. Default 30 000; `Infinity` waits as long as it takes. */
  readonly timeout?: number;
  /** Aborted: it is waited for no longer. What is held already stays so. */
  readonly signal?: AbortSignal;
  /**
   * An empty marker, which names nobody, counts as left behind when it is as old as this, ms. Default 30 000, at least
   * 2000.
   */
  readonly stale?: number;
}

/** A lock that is held, until it is released: `await using lock = await locks.acquire('data.json')`. */
export interface Lock extends AsyncDisposable {
  /** What is locked, absolute. */
  readonly path: string;
  /** Looks at the disk: false once it is released, or when somebody has taken the marker away. */
  isHeld(): boolean;
  /**
   * Once; later calls do nothing. Only the marker of this lock is removed, not one that has come in its place.
   *
   * @returns false when somebody had taken the marker away, so that the lock may have been held by two
   * @throws PromptbinError `PB_LOCK_UNWRITABLE`
   */
  release(): Promise<boolean>;
}

/**
 * Exclusive locks on paths, between processes and languages. The lock of `data.json` is the file `data.json.lock` with
 * the pid and the host of its holder, as `SoftFileLock('data.json.lock')` of Python's `filelock` writes it. A relative
 * path starts at the folder of the config; what is locked need not exist, but its folder must.
 */
export interface LockService {
  /**
   * Within one manager whoever asks first gets it first. What asks twice for the same lock without releasing it waits for
   * itself until the timeout, whose message says where it is held; within `withLock` it is refused at once.
   *
   * @throws PromptbinError `PB_LOCK_TIMEOUT`, `PB_LOCK_ABORTED`, `PB_LOCK_REENTRANT`, `PB_LOCK_UNWRITABLE`
   */
  acquire(path: string, options?: LockOptions): Promise<Lock>;
  /**
   * Holds the lock while `work` runs. What `work` does, and whatever it sets off, must not ask for the same lock as long
   * as it is held.
   *
   * @throws what `work` throws; PromptbinError as `acquire`
   */
  withLock<T>(path: string, work: (lock: Lock) => T | Promise<T>, options?: LockOptions): Promise<T>;
  /** Those that this manager holds or waits for. */
  list(): readonly LockView[];
  /** One lock, whoever has it. */
  inspect(path: string): LockView;
  /**
   * Takes a lock away, even from a holder that is alive and does not notice.
   *
   * @returns who had it; undefined when nobody did
   * @throws PromptbinError `PB_LOCK_UNWRITABLE`
   */
  break(path: string): MarkerView | undefined;
}
