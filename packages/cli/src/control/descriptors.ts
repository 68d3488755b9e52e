import { closeSync, readdirSync, readFileSync } from 'node:fs';

const folder = '/proc/self/fdinfo';
/** `O_CLOEXEC` of Linux, in the octal digits of `fdinfo`. */
const closeOnExec = 0o2000000;

/**
 * Closes what whoever started this program has left open in it, beyond stdin, stdout and stderr: every child would inherit it, and hold a pipe, a lock or a port
 * of somebody else for as long as it runs. What this program opens itself is not inherited.
 */
export function closeInherited(): void {
  for (const descriptor of inherited()) {
    try {
      closeSync(descriptor);
    } catch {
      // Closed in between, such as the one of the folder.
    }
  }
}

function inherited(): readonly number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
  } catch {
    // Not Linux. Node marks what it finds up to 15 as not to be inherited.
    return [];
  }
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags = ''] = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`${folder}/${descriptor}`, 'utf8')) ?? [];
    return flags !== '' && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false;
  }
}
