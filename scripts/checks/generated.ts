import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPage, renderCliPage } from './cli-page.ts';
import { configPage, renderConfigPage } from './config-page.ts';
import { errorsPage, renderErrorsPage } from './errors-page.ts';
import { renderSchemaFile, schemaFile } from './schema-file.ts';

/** Each file that is made from the sources, by its path in the repository, with what makes its text. */
export const generated: Readonly<Record<string, () => string>> = {
  [errorsPage]: renderErrorsPage,
  [schemaFile]: renderSchemaFile,
  [configPage]: renderConfigPage,
  [cliPage]: renderCliPage,
};

/** The generated files that are not as they would be made now, one mistake per line. */
export function findOutdated(root: string): string[] {
  return Object.entries(generated)
    .filter(([file, render]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== render())
    .map(([file]) => `${file} is out of date: run "pnpm generate"`);
}
