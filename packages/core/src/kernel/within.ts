import type { Clock } from '../contract/clock.ts';

/** What `within` rejects with when the time is up. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
  readonly budgetMs: number;

  constructor(budgetMs: number) {
    super(`took longer than ${budgetMs} ms`);
    this.budgetMs = budgetMs;
  }
}

/** Runs `fn` and waits at most `budgetMs` for it. What comes later, even a rejection, is dropped. */
export async function within<T>(clock: Clock, budgetMs: number, fn: () => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = clock.after(budgetMs, () => reject(new TimeUp(budgetMs)));
  try {
    fn().then(resolve, reject);
    return await promise;
  } finally {
    timer[Symbol.dispose]();
  }
}
