import { version } from './version.ts';

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    console.log(version);
    return;
  }
  const { runCommandLine } = await import('./command-line.ts');
  await runCommandLine(argv);
}
