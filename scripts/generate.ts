// `pnpm generate`: writes every file that is made from the sources. `pnpm check` fails when one is out of date.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './checks/generated.ts';

for (const [file, render] of Object.entries(generated)) writeFileSync(join(import.meta.dirname, '..', file), render());
