import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bin, promptbin } from '../cli.ts';
import { socketFetch } from './socket-fetch.ts';

/** How a client gets to a server: a command to start, or a URL with what its requests need. */
export type Way =
  | { readonly kind: 'stdio'; readonly command: string; readonly args: string[] }
  | {
      readonly kind: 'http';
      readonly url: URL;
      readonly requestInit?: RequestInit;
      readonly fetch?: ReturnType<typeof socketFetch>;
    };

/** The doors of promptbin for agents; each opens what it needs in the project. */
export const doors: Readonly<Record<'stdio' | 'HTTP' | 'socket', (folder: string) => Promise<Way>>> = {
  stdio: async (folder) => ({ kind: 'stdio', command: process.execPath, args: [bin, '--project', folder, 'mcp'] }),
  async HTTP(folder) {
    const bridge = promptbin(folder, ['mcp', '--http', '0']);
    onTestFinished(async () => {
      bridge.child.kill('SIGTERM');
      await bridge.finished;
    });
    const [, url = '', file = ''] = await bridge.prints(/served at (\S+); the bearer token is in (\S+);/);
    const authorization = `Bearer ${(await readFile(file, 'utf8')).trim()}`;
    return { kind: 'http', url: new URL(url), requestInit: { headers: { authorization } } };
  },
  async socket(folder) {
    const { code, stderr } = await promptbin(folder, ['up', '--detach']).finished;
    if (code !== 0) throw new Error(stderr);
    onTestFinished(async () => void (await promptbin(folder, ['down', '--force']).finished));
    const fetch = socketFetch(join(folder, '.promptbin', 'control.sock'));
    return { kind: 'http', url: new URL('http://localhost/mcp'), fetch };
  },
};
