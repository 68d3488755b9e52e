import type { Cause, OutputLine } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

function recognize(text: string, port: number | undefined = 5000): Cause | undefined {
  const lines = text.split('\n').map((one, index): OutputLine => {
    return { seq: index + 1, at: 0, name: 'web', generation: 1, stream: 'err', text: one };
  });
  return diagnose(lines, { code: 1 }, { port });
}

const texts: readonly (readonly [who: string, text: string])[] = [
  [
    'Flask',
    'Address already in use\nPort 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.',
  ],
  ['http.server', 'OSError: [Errno 98] Address already in use'],
  ['http.server on macOS', 'OSError: [Errno 48] Address already in use'],
  [
    'uvicorn',
    "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 5000): address already in use",
  ],
  [
    'uvicorn on IPv6',
    "ERROR:    [Errno 98] error while attempting to bind on address ('::1', 5000, 0, 0): address already in use",
  ],
  [
    'gunicorn',
    "[2026-01-02 03:04:05 +0000] [7] [ERROR] Connection in use: ('127.0.0.1', 5000)\n[2026-01-02 03:04:05 +0000] [7] [ERROR] Retrying in 1 second.\n[2026-01-02 03:04:10 +0000] [7] [ERROR] Can't connect to ('127.0.0.1', 5000)",
  ],
  ['Django', 'Error: That port is already in use.'],
  [
    'Node',
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:5000\n    at Server.setupListenHandle [as _listen2] (node:net:1904:16)',
  ],
  ['Node on all interfaces', 'Error: listen EADDRINUSE: address already in use :::5000'],
  ['Node on ::1', 'Error: listen EADDRINUSE: address already in use ::1:5000'],
  ['Vite', 'Error: Port 5000 is already in use'],
  ['Next.js', ' ⨯ Failed to start server\nError: listen EADDRINUSE: address already in use :::5000'],
  ['Create React App', 'Something is already running on port 5000.'],
  ['Bun', 'error: Failed to start server. Is port 5000 in use?'],
  ['Deno', 'error: Uncaught (in promise) AddrInUse: Address already in use (os error 98)'],
  ['Go', '2026/01/02 03:04:05 listen tcp 127.0.0.1:5000: bind: address already in use'],
  ['Go on all interfaces', 'listen tcp :5000: bind: address already in use'],
  ['Rust', 'Error: Os { code: 98, kind: AddrInUse, message: "Address already in use" }'],
  ['Java', 'java.net.BindException: Address already in use (Bind failed)'],
  ['Spring', 'Web server failed to start. Port 5000 was already in use.'],
  ['Puma', 'Address already in use - bind(2) for "127.0.0.1" port 5000 (Errno::EADDRINUSE)'],
  ['PHP', 'Failed to listen on localhost:5000 (reason: Address already in use)'],
  ['.NET', 'Failed to bind to address http://127.0.0.1:5000: address already in use.'],
  ['nginx', 'nginx: [emerg] bind() to 0.0.0.0:5000 failed (98: Address already in use)'],
  ['Redis', 'Warning: Could not create server TCP listening socket *:5000: bind: Address already in use'],
  [
    'PostgreSQL',
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nHINT:  Is another postmaster already running on port 5000?',
  ],
  ['Erlang', '** (Mix) Could not start application: {:error, :eaddrinuse}'],
  ['Windows', 'Only one usage of each socket address (protocol/network address/port) is normally permitted.'],
];

describe('a port that was taken when the app came to bind it', () => {
  it.each(texts)('%s says so', (_, text) => {
    const cause = recognize(text);
    expect(cause).toMatchObject({ code: 'portInUse', message: 'port 5000 is already in use', port: 5000 });
    expect(text).toContain(cause?.evidence[0]);
  });

  it.each(texts.filter(([, text]) => text.includes('5000')))('%s means another port than ours', (_, text) => {
    expect(recognize(text.replaceAll('5000', '5001'))).toMatchObject({ code: 'portInUse', port: 5001 });
  });

  it('takes no time of day for a port', () => {
    expect(recognize('12:34:56 Address already in use')).toMatchObject({ code: 'portInUse', port: 5000 });
  });

  it('may be one that nobody knows', () => {
    const cause = diagnose(
      [{ seq: 1, at: 0, name: 'web', generation: 1, stream: 'err', text: 'Address already in use' }],
      { code: 1 },
      {},
    );
    expect(cause).toMatchObject({ code: 'portInUse', message: 'its port is already in use' });
    expect(cause).not.toHaveProperty('port');
  });

  it.each([
    ['an app that fails for something else', 'Error: no such table: prompts'],
    ['a socket file', 'Error: listen EADDRINUSE: address already in use /tmp/app.sock'],
    ['a name that only looks like it', 'the address is used by nobody'],
    ['what an app has logged that goes on', 'INFO port 5000 is in use, trying 5001'],
  ])('is not %s', (_, text) => {
    expect(recognize(text)?.code).not.toBe('portInUse');
  });
});
