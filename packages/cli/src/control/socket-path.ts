import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fault } from '../fault.ts';

// sun_path holds 108 bytes on Linux and 104 on macOS.
const longest = 100;

/** Where the control socket of a project stands: beside its config, or in the user's runtime folder when that path is too long. */
export function socketPath(root: string): string {
  const real = realpathSync(root);
  const usual = join(real, '.promptbin', 'control.sock');
  if (Buffer.byteLength(usual) <= longest) return usual;
  const name = `${createHash('sha256').update(real).digest('hex').slice(0, 24)}.sock`;
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'promptbin', name) : join(tmpdir(), `promptbin-${process.getuid?.()}`, name);
}

/**
 * Makes the folder of the socket. In a shared temporary folder someone else may have made it first: then it is not used.
 *
 * @throws PromptbinError `PB_PROJECT_UNWRITABLE`
 */
export async function prepareSocketFolder(socket: string): Promise<void> {
  const folder = dirname(socket);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw await fault('PB_PROJECT_UNWRITABLE', `The folder ${folder} is open to other users.`, {
    hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of yours.',
  });
}
