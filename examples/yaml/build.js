// A job: it ends, and then the server starts.
import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
writeFileSync('dist/page.txt', `${process.env.GREETING} from what the job has built.\n`);
console.log('built dist/page.txt');
