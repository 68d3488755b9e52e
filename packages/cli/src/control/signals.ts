export interface Signals extends Disposable {
  /** The first request to end, by its signal's name. */
  readonly first: Promise<NodeJS.Signals>;
  /** A second one: the person at the terminal has no more patience. */
  readonly second: Promise<void>;
}

// What a wrapper such as pnpm passes on has reached us from the terminal already.
const echoMs = 100;

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts what only shows something when a signal wants it to end, or when nobody reads it any more. */
export function abortWhenUnwanted(shown: AbortController, { gone }: { readonly gone: Promise<void> }): void {
  for (const signal of ending) process.once(signal, () => shown.abort());
  void gone.then(() => shown.abort());
}

/** Takes SIGINT, SIGTERM and SIGHUP over from Node, which would end at once. */
export function listenForSignals(): Signals {
  const first = Promise.withResolvers<NodeJS.Signals>();
  const second = Promise.withResolvers<void>();
  let since: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (since === undefined) {
      since = performance.now();
      first.resolve(signal);
    } else if (signal !== 'SIGHUP' && performance.now() - since > echoMs) second.resolve();
  };
  for (const signal of ending) process.on(signal, listener);
  return {
    first: first.promise,
    second: second.promise,
    [Symbol.dispose]() {
      for (const signal of ending) process.off(signal, listener);
    },
  };
}
