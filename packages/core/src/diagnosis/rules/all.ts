import { apps } from './apps.ts';
import { commands } from './commands.ts';
import { environment } from './environment.ts';
import { files } from './files.ts';
import { memory } from './memory.ts';
import { modules } from './modules.ts';
import { ports } from './ports.ts';
import type { Rule } from './rule.ts';
import { servers } from './servers.ts';
import { settings } from './settings.ts';
import { syntax } from './syntax.ts';

/** All rules; of those that fit, the first one counts. What names its subject stands before what is said of many. */
export const rules: readonly Rule[] = [
  ...commands,
  ...memory,
  ...ports,
  ...apps,
  ...modules,
  ...syntax,
  ...environment,
  ...servers,
  ...settings,
  ...files,
];
