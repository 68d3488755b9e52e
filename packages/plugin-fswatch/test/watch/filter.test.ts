import { describe, expect, it } from 'vitest';
import { createFilter } from '../../src/watch/filter.ts';

const counts = (path: string, globs: { include?: string[]; ignore?: string[] } = {}, watched = ['/app']): boolean => {
  const filter = createFilter(watched, { include: ['**/*'], ignore: [], gitignore: false, ...globs });
  return !filter.isIgnored(path, false) && filter.isIncluded(path);
};

describe('filter', () => {
  it.each([
    ['/app/web.py', true],
    ['/app/templates/deep/index.html', true],
    ['/app/.env', true],
    ['/app/.git', false],
    ['/app/node_modules', false],
    ['/app/sub/node_modules', false],
    ['/app/.venv', false],
    ['/app/sub/__pycache__', false],
    ['/app/sub/web.pyc', false],
    ['/app/.promptbin', false],
    ['/app/uv.lock', false],
    ['/app/data.json.lock.break.42.0123456789abcdef0123456789abcdef', false],
    ['/app/debug.log', false],
    ['/app/logs', false],
    ['/app/web.py~', false],
    ['/app/.web.py.swp', false],
    ['/app/.web.py.swx', false],
    ['/app/4913', false],
    ['/app/.#web.py', false],
    ['/app/#web.py#', false],
    ['/app/web.py___jb_tmp___', false],
  ])('%s by default: %s', (path, expected) => {
    expect(counts(path)).toBe(expected);
  });

  it('matches a glob without a slash by name, at any depth', () => {
    expect(counts('/app/a/b/web.py', { include: ['*.py'] })).toBe(true);
    expect(counts('/app/a/b/web.html', { include: ['*.py'] })).toBe(false);
    expect(counts('/app/a/build', { ignore: ['build'] })).toBe(false);
  });

  it('matches a glob with a slash from the watched folder on', () => {
    expect(counts('/app/static/x.css', { ignore: ['static/**'] })).toBe(false);
    expect(counts('/app/web/static/x.css', { ignore: ['static/**'] })).toBe(true);
    expect(counts('/app/web/static/x.css', { ignore: ['static/**'] }, ['/app', '/app/web'])).toBe(false);
  });

  it('lets a watched path itself count, whatever its name', () => {
    expect(counts('/app/uv.lock', {}, ['/app/uv.lock'])).toBe(true);
    expect(counts('/home/logs/app.py', {}, ['/home/logs'])).toBe(true);
    expect(counts('/app/config.toml', { include: ['*.py'] }, ['/app/config.toml'])).toBe(true);
  });
});
