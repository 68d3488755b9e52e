// `node .ci/tally.js STATUS REPORT…`: what has failed and the closing line, from vitest's JSON reports. Plain JavaScript: it also speaks when
// the installation has failed and only the system's Node is there.

import { readFileSync } from 'node:fs';

const [status, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    failed += numFailedTests;
    for (const { assertionResults } of testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === 'failed') console.log(`failed: ${fullName}\n${failureMessages.join('\n').slice(0, 2000)}`);
  } catch {
    // The run ended before it could report: its status tells.
  }
}
// A file that does not load, or a check, fails without a failed test.
console.log(`${passed} passed, ${failed || Number(status !== '0')} failed`);
