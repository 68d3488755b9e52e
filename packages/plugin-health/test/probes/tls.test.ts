import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TlsFields } from '../../src/probes/fields.ts';
import { HttpProbe } from '../../src/probes/http.ts';
import { meansShape } from '../../src/probes/settings.ts';
import { serve } from '../serve.ts';
import { attempt, failureOf, subjectOf } from './subject.ts';

// Signed by itself, for the name health.test only, until 2126.
const certificate = fileURLToPath(new URL('../fixtures/health.test.pem', import.meta.url));
const pem = readFileSync(certificate);

async function serveTls(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ key: pem, cert: pem }, (_, response) => response.end('{"ok":true}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      // Resolves when no connection is left: none is kept.
      server.close();
      await once(server, 'close');
    },
  };
}

function probeOf(port: number, tls: true | TlsFields): HttpProbe {
  const means = meansShape.http.parse({ path: '/health', tls });
  if (means === undefined) throw new Error('no means');
  return new HttpProbe(means, subjectOf({ url: `http://127.0.0.1:${port}`, port, root: dirname(certificate) }));
}

describe('TLS', () => {
  it('takes a certificate that is signed by itself when it need not be verified', async () => {
    await using server = await serveTls();
    await attempt(probeOf(server.port, { verify: false }));
  });

  it('trusts the file "ca", for the name that it was told', async () => {
    await using server = await serveTls();
    await attempt(probeOf(server.port, { ca: 'health.test.pem', servername: 'health.test' }));
  });

  it.each([
    [true, 'its certificate is signed by itself; trust it by "ca", or set "verify" to false'],
    [{ ca: 'health.test.pem' }, 'its certificate is for another name; say which by "servername"'],
  ] as const)('says what is wrong with a certificate, asked with %j', async (tls, brief) => {
    await using server = await serveTls();
    const failure = await failureOf(attempt(probeOf(server.port, tls)));
    expect(failure.message).toBe(`GET https://127.0.0.1:${server.port}/health: ${brief}`);
  });

  it('says that the file "ca" cannot be read', async () => {
    await using server = await serveTls();
    const failure = await failureOf(attempt(probeOf(server.port, { ca: 'none.pem' })));
    expect(failure.message).toMatch(/^the file "ca" cannot be read: ENOENT/);
  });

  it('says that there is none', async () => {
    await using server = await serve((_, response) => response.end());
    const failure = await failureOf(attempt(probeOf(server.port, { verify: false })));
    expect(failure.brief).toBe('no answer by TLS');
  });
});

it('says that what answers without TLS does so', async () => {
  await using server = await serveTls();
  const means = meansShape.http.parse('/health');
  if (means === undefined) throw new Error('no means');
  const { port } = server;
  const failure = await failureOf(attempt(new HttpProbe(means, subjectOf({ url: `http://127.0.0.1:${port}`, port }))));
  expect(failure.brief).toMatch(/^(connection closed without an answer|no answer by HTTP)/);
});
