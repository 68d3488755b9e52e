// Writes docs/errors.md. With `--check` it writes nothing and fails when the file is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage, renderErrorsPage } from './checks/errors-page.ts';

const file = join(import.meta.dirname, '..', errorsPage);

if (!process.argv.includes('--check')) {
  writeFileSync(file, renderErrorsPage());
} else if (readFileSync(file, 'utf8') !== renderErrorsPage()) {
  console.error(`${errorsPage} is out of date: run "node scripts/errors.ts".`);
  process.exitCode = 1;
}
