import { closeSync, fstatSync, openSync, unlinkSync } from 'node:fs';
import type { Clock } from '@promptbin/core';
import { breakMarker, isHeldAside, tidyBeside } from './break-marker.ts';
import { createMarker, type HeldMarker } from './held-marker.ts';
import { lookAt, type Marker } from './look.ts';
import { privateName } from './names.ts';
import { hasEnded } from './owner.ts';
import { halfWrittenMs, isLeftBehind } from './verdict.ts';

/** One who wants a marker, with what it has seen of the one that is in its way. */
export class Contender {
  readonly #file: string;
  readonly #staleMs: number;
  readonly #clock: Clock;
  readonly #hasBroken: (left: Marker) => void;
  #seen: { readonly marker: Marker; readonly since: number } | undefined;

  constructor(file: string, staleMs: number, clock: Clock, hasBroken: (left: Marker) => void) {
    this.#file = file;
    this.#staleMs = staleMs;
    this.#clock = clock;
    this.#hasBroken = hasBroken;
  }

  /** The marker, if nobody has it. All in one turn. Throws what the file system does. */
  attempt(): HeldMarker | undefined {
    const marker = lookAt(this.#file);
    if (marker === undefined) return createMarker(this.#file);
    if (!this.#isLeftBehind(marker) || isHeldAside(this.#file, marker)) return undefined;
    if (!breakMarker(this.#file, marker)) return undefined;
    const held = createMarker(this.#file);
    tidyBeside(this.#file);
    this.#hasBroken(marker);
    return held;
  }

  #isLeftBehind(marker: Marker): boolean {
    const { content } = marker;
    const unchangedMs = this.#unchangedMs(marker);
    return isLeftBehind({
      kind: content.kind,
      hasEnded: content.kind === 'owner' && hasEnded(content.owner),
      unchangedMs,
      // A look at the clock makes a file, so only when it may count.
      ageMs: content.kind === 'empty' && unchangedMs >= halfWrittenMs ? ageMs(this.#file, marker) : 0,
      staleMs: this.#staleMs,
    });
  }

  /** Not by its times: those are of another clock, and their owner can set them. */
  #unchangedMs(marker: Marker): number {
    const now = this.#clock.now();
    const seen = this.#seen?.marker;
    const isUnchanged = seen?.identity === marker.identity && seen.ctimeNs === marker.ctimeNs;
    if (this.#seen === undefined || !isUnchanged) this.#seen = { marker, since: now };
    return now - this.#seen.since;
  }
}

/** By the clock of its file system, which may be another machine's: that of a file made now. */
function ageMs(file: string, { ctimeNs }: Marker): number {
  const probe = privateName(file);
  const descriptor = openSync(probe, 'wx');
  try {
    return Number(fstatSync(descriptor, { bigint: true }).ctimeNs - ctimeNs) / 1e6;
  } finally {
    closeSync(descriptor);
    unlinkSync(probe);
  }
}
