/** Looks again and again until the answer passes; for what gives no event, such as the process table. */
export async function until<T>(look: () => T | Promise<T>, passes: (value: T) => boolean, what: string): Promise<T> {
  const deadline = performance.now() + 45_000;
  for (;;) {
    const value = await look();
    if (passes(value)) return value;
    if (performance.now() > deadline) throw new Error(`not in time: ${what}; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
