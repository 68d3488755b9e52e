import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endProcessesOf } from '../processes.ts';

/** An app that does as it is told: it writes a line, or crashes. */
const app = `
import { createServer } from 'node:http';
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  response.end('ok');
  if (pathname === '/say') console.log(searchParams.get('line'));
  if (pathname !== '/crash') return;
  console.error('Error: out of cheese');
  response.once('close', () => process.exit(7));
}).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));
`;

/** A project with the app, and with a process that is only stopped when a person agrees. Nothing is left of it at the end. */
export async function makeProject(processes: object = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-mcp-'));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  await writeFile(join(folder, 'app.mjs'), app);
  const web = { command: [process.execPath, 'app.mjs'], port: 'auto', autostart: false };
  const guarded = { command: [process.execPath, 'app.mjs'], port: 'auto', autostart: false, protected: true };
  const config = { processes: { web, guarded, ...processes } };
  await writeFile(join(folder, 'promptbin.config.json'), JSON.stringify(config));
  return folder;
}
