export interface Throttle extends Disposable {
  mark(key: string): void;
}

/** Sends the first mark of a key at once and then at most one per period; the last one is never lost. */
export function createThrottle(periodMs: number, send: (key: string) => void): Throttle {
  const windows = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();

  function open(key: string): void {
    const timer = setTimeout(() => {
      const again = windows.get(key)?.again;
      windows.delete(key);
      if (again) open(key);
    }, periodMs);
    windows.set(key, { timer: timer.unref(), again: false });
    send(key);
  }

  return {
    mark(key) {
      const window = windows.get(key);
      if (window === undefined) open(key);
      else window.again = true;
    },
    [Symbol.dispose]() {
      for (const { timer } of windows.values()) clearTimeout(timer);
      windows.clear();
    },
  };
}
