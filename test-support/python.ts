import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const example = join(import.meta.dirname, '..', 'examples', 'promptbin');

/** The interpreter of the example, with the `filelock` that it pins. Made when it is not there; several may ask at once. */
export async function examplePython(): Promise<string> {
  await promisify(execFile)(process.execPath, ['setup.ts'], { cwd: example });
  return join(example, '.venv', 'bin', 'python');
}
