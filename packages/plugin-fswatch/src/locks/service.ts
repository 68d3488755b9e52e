import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Lock, LockOptions, LockService, LockView, MarkerView } from '@promptbin/core';
import { breakMarker } from './break-marker.ts';
import { callSite } from './call-site.ts';
import { Contender } from './contender.ts';
import { contest } from './contest.ts';
import { Courtesy } from './courtesy.ts';
import { reentrant, unwritable } from './faults.ts';
import { HeldLock } from './held-lock.ts';
import type { HeldMarker } from './held-marker.ts';
import { viewMarker } from './inspect.ts';
import { Line } from './line.ts';
import { lookAt } from './look.ts';
import { type LockPlace, placeOf } from './names.ts';
import { Patience } from './patience.ts';

const defaultTimeoutMs = 30_000;
const defaultStaleMs = 30_000;

/** Hears what happens to locks without being asked for. Paths are absolute. */
export interface LockListener {
  /** A marker was removed whose holder has ended, or that named nobody for too long. */
  broken(path: string, marker: MarkerView): void;
  /** The marker of a lock was not there any more when it was released. */
  lost(path: string): void;
}

/** The locks of one manager. */
export class Locks implements LockService {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #listener: LockListener;
  readonly #courtesy: Courtesy;
  readonly #lines = new Map<string, Line>();
  readonly #held = new Set<HeldLock>();
  readonly #end = new AbortController();
  /** Those that `withLock` holds for what runs now. */
  readonly #around = new AsyncLocalStorage<readonly HeldLock[]>();

  constructor(root: string, clock: Clock, listener: LockListener) {
    this.#root = root;
    this.#clock = clock;
    this.#courtesy = new Courtesy(() => clock.now());
    this.#listener = listener;
  }

  acquire(path: string, options: LockOptions = {}): Promise<Lock> {
    return this.#acquire(path, options, callSite(this.acquire));
  }

  async withLock<T>(path: string, work: (lock: Lock) => T | Promise<T>, options: LockOptions = {}): Promise<T> {
    await using lock = await this.#acquire(path, options, callSite(this.withLock));
    return await this.#around.run([...(this.#around.getStore() ?? []), lock], () => work(lock));
  }

  list(): readonly LockView[] {
    return [...this.#lines.values()].map((line) => line.view());
  }

  inspect(path: string): LockView {
    const place = placeOf(this.#root, path);
    return (this.#lines.get(place.marker) ?? new Line(place)).view();
  }

  break(path: string): MarkerView | undefined {
    const { path: locked, marker: file } = placeOf(this.#root, path);
    try {
      const marker = lookAt(file);
      if (marker?.content.kind === 'hidden') throw new Error(`${file} is a folder, or may not be read`);
      return marker && breakMarker(file, marker) ? viewMarker(file, marker) : undefined;
    } catch (fault) {
      throw unwritable(locked, fault);
    }
  }

  /** Releases what is held; who waits, and who comes later, is refused. */
  async close(): Promise<void> {
    this.#end.abort(new Error('the manager lets go of its locks'));
    await Promise.allSettled([...this.#held].map((lock) => lock.release()));
  }

  async #acquire(path: string, options: LockOptions, acquiredAt: string | undefined): Promise<HeldLock> {
    const { timeout = defaultTimeoutMs, stale = defaultStaleMs, signal } = options;
    const place = placeOf(this.#root, path);
    const line = this.#lineOf(place);
    if (this.#isAround(place)) throw reentrant(place.path, line.acquiredAt);
    using patience = new Patience(this.#clock, timeout, [this.#end.signal, ...(signal === undefined ? [] : [signal])]);
    let hasTurn = false;
    try {
      await line.enter(patience.signal);
      hasTurn = true;
      const restMs = this.#courtesy.restMs(place.marker);
      if (restMs > 0) await this.#clock.sleep(restMs, patience.signal).catch(() => patience.signal.throwIfAborted());
      const contender = new Contender(place.marker, stale, this.#clock, (left) =>
        this.#listener.broken(place.path, viewMarker(place.marker, left)),
      );
      const marker = await contest(place.marker, () => contender.attempt(), patience.signal);
      line.hold(acquiredAt);
      return this.#hold(line, marker);
    } catch (fault) {
      const error = patience.explain(fault, line.view());
      if (hasTurn) line.leave();
      this.#tidy(line);
      throw error;
    }
  }

  #hold(line: Line, marker: HeldMarker): HeldLock {
    const since = this.#clock.now();
    const lock = new HeldLock(line.place, marker, (wasOurs) => {
      this.#held.delete(lock);
      this.#courtesy.released(line.place.marker, since);
      line.leave();
      this.#tidy(line);
      if (!wasOurs) this.#listener.lost(line.place.path);
    });
    this.#held.add(lock);
    return lock;
  }

  /** Whether `withLock` holds it for what asks now. */
  #isAround({ marker }: LockPlace): boolean {
    return this.#around.getStore()?.some(({ file, isReleased }) => file === marker && !isReleased) ?? false;
  }

  #lineOf(place: LockPlace): Line {
    const line = this.#lines.get(place.marker) ?? new Line(place);
    this.#lines.set(place.marker, line);
    return line;
  }

  #tidy(line: Line): void {
    if (line.isEmpty) this.#lines.delete(line.place.marker);
  }
}
