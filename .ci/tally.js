// `node .ci/tally.js FAILED-STEPS REPORT…`: the closing line, from vitest's JSON reports. Plain JavaScript: it also speaks when
// the installation has failed and only the system's Node is there.

import { readFileSync } from 'node:fs';

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    failed += numFailedTests;
  } catch {
    // The run ended before it could report; it counts among the failed steps.
  }
}
// A file that does not load, or a check, fails without a failed test.
console.log(`${passed} passed, ${failed || Number(failedSteps)} failed`);
