import { expect, test } from 'vitest';
import { isSecretName, secretNames } from '../../src/secrets/names.ts';

test.each([
  ...['TOKEN', 'GITHUB_TOKEN', 'API_KEY', 'KEY', 'CLIENT_SECRET', 'DB_PASSWD', 'SSH_PASSPHRASE', 'AWS_CREDENTIALS'],
  ...['PASSWORD', 'PASSWORD_OF_THE_DB', 'DBPASSWORD2', 'github_token', 'apiKey', 'client-secret', 'auth.token'],
])('%s is a name of a secret', (name) => {
  expect(isSecretName(name, [])).toBe(true);
});

test.each(['MONKEY', 'TOKENS', 'KEYBOARD', 'SECRETARY', 'TOKEN_TTL', 'PASS', 'DATABASE_URL', 'monkey', 'PATH', ''])(
  '"%s" is no name of a secret',
  (name) => {
    expect(isSecretName(name, [])).toBe(false);
  },
);

test('a mark makes a name secret, `*` stands for anything, `!` takes one out, and the last that fits decides', () => {
  const names = secretNames(['DATABASE_URL', 'STRIPE_*', '!STRIPE_PUBLIC_*', 'STRIPE_PUBLIC_SALT', '!API_KEY', 'A.C']);
  expect(['DATABASE_URL', 'STRIPE_ID', 'STRIPE_PUBLIC_KEY', 'STRIPE_PUBLIC_SALT', 'API_KEY'].map(names)).toEqual([
    'marked',
    'marked',
    undefined,
    'marked',
    undefined,
  ]);
  expect(['OTHER_KEY', 'DATABASE_URL_2', 'MY_DATABASE_URL', 'ABC', 'database_url'].map(names)).toEqual([
    'usual',
    undefined,
    undefined,
    undefined,
    'marked',
  ]);
});
