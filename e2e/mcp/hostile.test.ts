import { describe, expect, test } from 'vitest';
import { makeProject } from '../support/mcp/project.ts';
import { type Reply, rawHttp, rawStdio } from '../support/mcp/raw.ts';

const call = (name: string, args: object) => ['tools/call', { name, arguments: args }] as const;
const read = (uri: string) => ['resources/read', { uri }] as const;
const huge = 'x'.repeat(10 * 1024 * 1024);
const large = 'x'.repeat(900_000);

/** Requests that nobody should send. Each is answered by an error, and by a short one. */
const requests: Readonly<Record<string, readonly [method: string, params: object]>> = {
  'a tool that there is not': call('no_such_tool', {}),
  'a tool of a name that objects have': call('__proto__', {}),
  'a tool whose name is a path': call('../../etc/passwd', {}),
  'a tool whose name is no text': ['tools/call', { name: { evil: true } }],
  'a process that there is not': call('start_process', { name: 'no-such-process' }),
  'a process whose name is a path': call('read_logs', { name: '../../etc/passwd' }),
  'a process whose name is a command': call('restart_process', { name: 'web; touch /tmp/pwned' }),
  'a process of a name that objects have': call('get_process', { name: 'constructor' }),
  'arguments that are a list': ['tools/call', { name: 'get_process', arguments: ['web'] }],
  'an argument too many': call('get_process', { name: 'web', shell: 'sh' }),
  'a number out of range': call('read_logs', { name: 'web', tail: 1e9 }),
  'a name of a megabyte': call('get_process', { name: large }),
  'a name of ten': call('get_process', { name: huge }),
  'a tool of a name of ten': call(huge, {}),
  'a process as a resource, of a name of ten': read(`promptbin://processes/${huge}`),
  'a resource of a name of ten': read(`x:${huge}`),
  'a prompt of a name of ten': ['prompts/get', { name: huge }],
  'a resource that there is not': read('promptbin://nothing'),
  'a resource whose name is a path': read('promptbin://processes/..%2F..%2Fetc%2Fpasswd'),
  'a file as a resource': read('file:///etc/passwd'),
  'a resource that is no URI': read('::::'),
  'a prompt that there is not': ['prompts/get', { name: 'no_such_prompt' }],
  'a prompt of a name that objects have': ['prompts/get', { name: 'toString' }],
  'a method that there is not': ['no/such', {}],
  'a level that there is not': ['logging/setLevel', { level: 'shout' }],
};

/** Texts that are no message. */
const texts: Readonly<Record<string, string>> = {
  'half a message': '{"jsonrpc":"2.0","id":',
  'no message': '"hello"',
  nothing: 'null',
  'an empty batch': '[]',
  'a batch with half a message': '[{"jsonrpc":"2.0","id":9,"method":"tools/list"},{"half":1}]',
  'another protocol': '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
  'an id that is an object': '{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
  'an answer to what was not asked': '{"jsonrpc":"2.0","id":99,"result":{}}',
  'binary data': '\u0000\u0001\ufffd\u001b[2J',
  'a deep nest': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
};

const isFailure = ({ error, result }: Reply): boolean => error !== undefined || result?.isError === true;

describe.each([
  ['stdio', rawStdio],
  ['HTTP', rawHttp],
] as const)('over %s', (_, connect) => {
  test('each request that is wrong gets a short error, and the server goes on', async () => {
    const client = await connect(await makeProject());
    const odd: Record<string, unknown> = {};
    for (const [what, [method, params]] of Object.entries(requests)) {
      const reply = await client.request(method, params);
      const size = JSON.stringify(reply).length;
      if (!isFailure(reply) || size > 4000) odd[what] = { size, reply: JSON.stringify(reply).slice(0, 300) };
    }
    expect(odd).toEqual({});
    expect(await client.request(...call('start_process', { name: 'web', timeoutSec: 50 }))).toMatchObject({
      result: { structuredContent: { ready: true } },
    });
  });

  test('each text that is no message is refused or passed over, and the server goes on', async () => {
    const client = await connect(await makeProject());
    for (const text of Object.values(texts)) {
      for (const reply of await client.write(text)) {
        if (reply.result !== undefined) expect(reply.id).toBe(9);
      }
      expect(await client.request('ping')).toMatchObject({ result: {} });
    }
  });
});
