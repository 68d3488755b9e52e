import { expect, test } from 'vitest';
import { Redactor } from '../../src/secrets/redactor.ts';
import { Scrubber } from '../../src/secrets/scrubber.ts';

function scrubberOf(env: Record<string, string>): Scrubber {
  const redactor = new Redactor();
  redactor.learn('web', env);
  return new Scrubber(redactor);
}

/** What comes out when `data` comes in pieces of `size` bytes. */
function scrub(env: Record<string, string>, data: Buffer, size: number): Buffer {
  const scrubber = scrubberOf(env);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < data.length; start += size)
    pieces.push(scrubber.push(data.subarray(start, start + size)));
  return Buffer.concat([...pieces, scrubber.flush()]);
}

const secrets = {
  A_TOKEN: 'abcabc',
  B_TOKEN: 'abcabcabd',
  C_TOKEN: 'bcabda',
  D_TOKEN: 'größe-€',
  E_KEY: 'first line that is long\nsecond line that is long\nend',
};

test.each([
  ['nothing secret', 'a line\nabcab\n', 'a line\nabcab\n'],
  ['one after the other', 'abcabcabcabc', '[secret][secret]'],
  ['a beginning that leads nowhere', 'abcabcabcab', '[secret]abcab'],
  ['a shorter one inside the beginning of a longer one', 'xabcabcabx', 'x[secret]abx'],
  ['overlapping', 'abcabcabda', '[secret]a'],
  ['not ASCII', '<größe-€>', '<[secret]>'],
  ['several lines', `>${secrets.E_KEY}<`, '>[secret]<'],
  ['lines by themselves', 'first line that is long\n\nsecond line that is long', '[secret]\n\n[secret]'],
  ['an end that may go on', 'first line that is long\nsecond line that is long\n', '[secret]\n[secret]\n'],
])('%s: the same comes out however it is divided', (_, text, expected) => {
  const data = Buffer.from(text);
  for (let size = 1; size <= data.length; size += 1) {
    expect(scrub(secrets, data, size).toString(), `in pieces of ${size}`).toBe(expected);
  }
});

test('bytes that are no text pass as they are', () => {
  const noise = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));
  const data = Buffer.concat([noise, Buffer.from('abcabc'), noise, Buffer.from([0, 0xff, 0xc3])]);
  const expected = Buffer.concat([noise, Buffer.from('[secret]'), noise, Buffer.from([0, 0xff, 0xc3])]);
  for (const size of [1, 2, 3, 100, data.length]) expect(scrub(secrets, data, size)).toEqual(expected);
});

test('only what may be the beginning of a secret is held back', () => {
  const scrubber = scrubberOf({ A_TOKEN: 'tok-123456' });
  expect(scrubber.push(Buffer.from('a line\nand tok-')).toString()).toBe('a line\nand ');
  expect(Buffer.from(scrubber.held).toString()).toBe('tok-');
  expect(scrubber.push(Buffer.from('yo')).toString()).toBe('tok-yo');
  expect(scrubber.held).toHaveLength(0);
});

test('while there is no secret, chunks pass without a copy', () => {
  const scrubber = scrubberOf({ HOME: '/home/somebody' });
  const chunk = Buffer.from('a line\n');
  expect(scrubber.push(chunk)).toBe(chunk);
  expect(scrubber.flush()).toHaveLength(0);
});

test('a secret that is learned while its beginning passes is found from then on', () => {
  const redactor = new Redactor();
  const scrubber = new Scrubber(redactor);
  scrubber.push(Buffer.from('tok-'));
  redactor.learn('web', { A_TOKEN: 'tok-123456' });
  expect(scrubber.push(Buffer.from('123456 tok-123456')).toString()).toBe('123456 [secret]');
});

test('random bytes of few letters come out the same in whatever pieces they come', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const letters = (length: number): string => Array.from({ length }, () => 'ab\n'[random(3)]).join('');
  for (let round = 0; round < 20; round += 1) {
    const env = Object.fromEntries(
      Array.from({ length: 3 }, (_, index) => [`S${index}_TOKEN`, letters(6 + random(4))]),
    );
    const data = Buffer.from(letters(5000));
    const whole = scrub(env, data, data.length).toString();
    for (const size of [1, 7, 100, 3000]) expect(scrub(env, data, size).toString()).toBe(whole);
    for (const secret of Object.values(env)) {
      const [found] =
        secret.trim().length < 6 ? [] : whole.split('[secret]').filter((part) => part.includes(secret.trim()));
      expect(found).toBeUndefined();
    }
  }
});
