import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './command.ts';

export interface Page {
  /** Path in the repository. */
  readonly file: string;
  readonly text: string;
}

export function readPages(root: string): Page[] {
  const files = globSync(['*.md', 'docs/*.md', 'packages/*/README.md', 'examples/README.md'], { cwd: root });
  return files.sort().map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

/** What the pages say and is not so: links, names of tests, quoted files. One mistake per line. */
export function findPageMistakes(root: string, pages: readonly Page[]): string[] {
  const read = (path: string): string | undefined => {
    const file = join(root, path);
    return existsSync(file) && !file.endsWith('/') ? readFileSync(file, 'utf8') : undefined;
  };
  return pages.flatMap(({ file, text }) => {
    const folder = dirname(file);
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    const tests = [...text.matchAll(/\]\(([^)]+)\) › (.+?)(?=<br>| \||$)/gm)].map(([, path = '', name = '']) => ({
      path,
      name,
    }));
    const quotes = codeBlocks(text).flatMap((code) => {
      const [, path = ''] = /^\/\/ (\S+\/\S+\.ts)\n/.exec(code) ?? [];
      return path === '' ? [] : [{ path, quote: code.slice(code.indexOf('\n') + 1) }];
    });
    return [
      ...links.filter((path) => !existsSync(join(root, folder, path))).map((path) => `${file}: no file ${path}`),
      ...tests
        .filter(({ path, name }) => !read(join(folder, path))?.includes(name))
        .map(({ path, name }) => `${file}: no test "${name}" in ${path}`),
      ...quotes
        .filter(({ path, quote }) => read(path)?.trim() !== quote.trim())
        .map(({ path }) => `${file}: quotes ${path} as it is not`),
    ];
  });
}

/**
 * Compiles every TypeScript block of the pages as a module of its own, and what stands in a block `ts config`, `ts process`
 * or `ts health` at that place of a config.
 *
 * @param folder for the modules; it may be anywhere
 * @throws Error with what the compiler says, by page and number of the block
 */
export async function compileCodeBlocks(root: string, folder: string, pages: readonly Page[]): Promise<void> {
  await mkdir(folder);
  const source = (name: string): string => join(root, 'packages', name, 'src', 'index.ts');
  const tsconfig = {
    extends: join(root, 'tsconfig.check.json'),
    compilerOptions: {
      typeRoots: [join(root, 'node_modules', '@types')],
      paths: {
        '@promptbin/core': [source('core')],
        '@promptbin/*': [source('*')],
        promptbin: [source('cli')],
        zod: [join(root, 'packages/core/node_modules/zod/index.d.ts')],
      },
    },
    include: ['*.mts'],
    references: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  for (const { file, text } of pages) {
    const modules = [...codeBlocks(text), ...Object.keys(places).flatMap((place) => modulesIn(text, place))];
    for (const [index, code] of modules.entries()) {
      await writeFile(join(folder, `${file.replaceAll('/', '-')}-${index + 1}.mts`), code);
    }
  }
  await run('tsc', ['--project', folder, '--pretty', 'false'], { cwd: folder });
}

/** How a part of a config becomes a whole one, by where it stands. */
const places: Readonly<Record<string, (part: string) => string>> = {
  config: (part) => `defineConfig({\n${part}\n});`,
  process: (part) => `defineConfig({ plugins, processes: { web: { command: 'web',\n${part}\n} } });`,
  health: (part) => `defineConfig({ plugins, processes: { web: { command: 'web', health: {\n${part}\n} } } });`,
};

const preamble = `import { defineConfig } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { health } from '@promptbin/plugin-health';
import { restart } from '@promptbin/plugin-restart';
import * as z from 'zod';
declare const token: string;
const plugins = [health(), restart(), fswatch()] as const;
export { plugins, token, z };
`;

/** The same key again is another way to write it. */
function modulesIn(text: string, place: string): string[] {
  const whole = places[place] ?? String;
  return codeBlocks(text, ` ${place}`).map((code) => {
    const parts = place === 'config' ? [code] : code.split(/^(?=\w+: )/m);
    return preamble + parts.map(whole).join('\n');
  });
}

function codeBlocks(text: string, place = ''): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`ts${place}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);
}
