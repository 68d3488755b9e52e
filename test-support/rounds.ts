/**
 * How often a test of chances is repeated: `usual` in the suite, and times `PROMPTBIN_TEST_ROUNDS` by who has the time.
 *
 * @example PROMPTBIN_TEST_ROUNDS=84 npx -y pnpm@12 test packages/core/test/manager/kills.test.ts
 */
export function rounds(usual: number): number {
  return usual * Number(process.env.PROMPTBIN_TEST_ROUNDS ?? 1);
}
