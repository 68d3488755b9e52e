/** `marked` by the config, or of a name that is `usual` for secrets. */
export type Secrecy = 'marked' | 'usual';

/** Says of a name whether what it stands for is secret. */
export type SecretNames = (name: string) => Secrecy | undefined;

const usual = /(?:^|_)(?:TOKEN|KEY|SECRET|PASSWD|PASSPHRASE|CREDENTIALS)$|PASSWORD/i;

/** @param marks the config's `secrets`: `*` stands for anything, `!` takes a name out; the last one that fits decides */
export function secretNames(marks: readonly string[]): SecretNames {
  const patterns = marks.map((mark) => ({ secret: !mark.startsWith('!'), pattern: patternOf(mark.replace(/^!/, '')) }));
  return (name) => {
    const mark = patterns.findLast(({ pattern }) => pattern.test(name));
    if (mark !== undefined) return mark.secret ? 'marked' : undefined;
    return usual.test(withUnderscores(name)) ? 'usual' : undefined;
  };
}

/** Whether the value of the variable or key `name` must not be shown. */
export function isSecretName(name: string, marks: readonly string[]): boolean {
  return secretNames(marks)(name) !== undefined;
}

function patternOf(mark: string): RegExp {
  const parts = mark.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

/** Keys of objects are written in other ways than variables: `apiKey`, `api-key`. */
function withUnderscores(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[-.]/g, '_');
}
