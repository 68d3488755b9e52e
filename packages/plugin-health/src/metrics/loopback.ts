import { isIPv4 } from 'node:net';

/** Whether `host`, as it stands in a URL or a config, is this machine and nothing else. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}
