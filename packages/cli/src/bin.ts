import { fileURLToPath } from 'node:url';

/** What starts promptbin: one level up from here, as from what is built of this. */
export const bin: string = fileURLToPath(new URL('../bin/promptbin.js', import.meta.url));
