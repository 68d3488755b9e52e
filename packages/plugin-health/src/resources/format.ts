/** `512 MB`, `1.5 MB`. */
export function megabytes(bytes: number): string {
  const amount = bytes / 2 ** 20;
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))} MB`;
}
