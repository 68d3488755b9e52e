import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket that is bound. Disposing of it removes its file, too. */
export interface NotifySocket extends Disposable {
  /** For NOTIFY_SOCKET. */
  readonly path: string;
}

/** What is used of the package `unix-dgram`. */
interface Library {
  createSocket(type: 'unix_dgram', heard: (message: Buffer) => void): LibrarySocket;
}

interface LibrarySocket {
  once(event: 'listening' | 'error', listener: (fault?: Error) => void): void;
  on(event: 'error', listener: () => void): void;
  bind(path: string): void;
  close(): void;
}

const packageName = 'unix-dgram';
/** `sun_path` of a socket's address holds 108 bytes, the last one being zero. */
const longestPath = 107;

/**
 * Binds a datagram socket for `sd_notify` in a folder that is nobody else's.
 *
 * @param root the package is looked for from here, then beside this one
 * @throws Error with a sentence that says why there is none
 */
export async function bindNotifySocket(root: string, heard: (message: string) => void): Promise<NotifySocket> {
  const library = load(root);
  const folder = makeFolder();
  const path = join(folder, 'notify');
  let socket: LibrarySocket | undefined;
  const dispose = (): void => {
    socket?.close();
    socket = undefined;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const made = library.createSocket('unix_dgram', (message) => heard(message.toString('utf8')));
    socket = made;
    await new Promise<void>((resolve, reject) => {
      made.once('listening', () => resolve());
      made.once('error', reject);
      made.on('error', () => undefined);
      made.bind(path);
    });
  } catch (fault) {
    dispose();
    throw new Error(`no socket for sd_notify at ${path}: ${(fault as Error).message}`);
  }
  return { path, [Symbol.dispose]: dispose };
}

function load(root: string): Library {
  const reasons: string[] = [];
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const require = createRequire(from);
    try {
      return require(packageName) as Library;
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException;
      const reason = inOneLine(message);
      // What is there and does not load is the better reason.
      if (code !== 'MODULE_NOT_FOUND' || !reason.includes(`'${packageName}'`)) reasons.push(reason);
    }
  }
  const why = reasons[0] === undefined ? 'is not installed' : `does not load: ${reasons[0]}`;
  throw new Error(
    `sd_notify needs the package "${packageName}" for the datagram sockets that Node lacks, and it ${why}; install it in the project (it needs a compiler), or use "notify" with a descriptor`,
  );
}

/** Without who has required it, which Node adds to what is missing. */
function inOneLine(message: string): string {
  const [reason = ''] = message.split('\nRequire stack:');
  return reason
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}

/** Of mode 0700, so that no other user can say anything. */
function makeFolder(): string {
  const bases = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].filter((base) => base !== undefined && base !== '');
  let fault: unknown;
  for (const base of bases as string[]) {
    const prefix = join(base, 'promptbin-');
    if (Buffer.byteLength(`${prefix}XXXXXX/notify`) > longestPath) continue;
    try {
      return mkdtempSync(prefix);
    } catch (reason) {
      fault = reason;
    }
  }
  throw new Error(
    `no folder for the socket of sd_notify: ${fault instanceof Error ? fault.message : 'paths too long'}`,
  );
}
