import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eras, serverFile } from './support/connect.ts';
import { serve, temporaryFolder } from './support/http.ts';

const bin = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);

interface Inspected {
  /** 5: the tool has answered with `isError`; 6: a schema that some clients do not take. */
  readonly code: number;
  readonly result: Record<string, unknown>;
  readonly stderr: string;
}

async function inspect(...args: readonly string[]): Promise<Inspected> {
  const child = spawn(process.execPath, [bin, '--cli', ...args, '--format', 'json', '--quiet'], {
    // Where it would keep its catalog.
    env: { ...process.env, HOME: await temporaryFolder() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also when the test has run out of time.
  onTestFinished(() => void child.kill('SIGKILL'));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, result: stdout === '' ? {} : JSON.parse(stdout).result, stderr };
}

/** The target of the inspector: a command, or a URL with its token. */
const transports = {
  stdio: async () => [process.execPath, serverFile],
  HTTP: async () => {
    const { service, token } = await serve();
    return [service.url, '--transport', 'http', '--header', `Authorization: Bearer ${token}`];
  },
} as const;

describe.each(['stdio', 'HTTP'] as const)('the inspector over %s', (transport) => {
  test.each(eras)('lists and calls in the %s era', async (era) => {
    const target = [...(await transports[transport]()), '--protocol-era', era];
    const listed = await inspect(...target, '--method', 'tools/list', '--strict');
    expect(listed).toMatchObject({ code: 0, result: { tools: expect.arrayContaining([expect.anything()]) } });

    const call = (tool: string, name: string) =>
      inspect(...target, '--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify({ name }));
    const got = await call('get_process', 'web');
    expect(got).toMatchObject({ code: 0, result: { structuredContent: { name: 'web', ready: true } } });
    const failed = await call('start_process', 'broken');
    expect(failed).toMatchObject({ code: 5, result: { isError: true, structuredContent: { phase: 'failed' } } });
  });
});

test('the inspector is not let in without the token', async () => {
  const { service } = await serve();
  const { code, stderr } = await inspect(
    service.url,
    '--transport',
    'http',
    '--stored-auth-only',
    '--method',
    'tools/list',
  );
  expect(code).not.toBe(0);
  expect(stderr).toContain('auth');
});
