import { describe, expect, test } from 'vitest';
import { layerExceptions } from '../checks/import-rules.ts';
import { findImportMistakes } from '../checks/imports.ts';
import { parseSource, type Source } from '../checks/source.ts';

/** The exceptions in use, so that what a test adds is all that is found. */
const settled: Source[] = layerExceptions.map(({ from, to, types }) =>
  parseSource('core', from, `${types ? 'import type' : 'import'} { a } from '../${to}';`),
);

function judge(folder: string, path: string, text: string): string[] {
  return findImportMistakes([...settled, parseSource(folder, path, text)]);
}

const core = '@promptbin/core';

describe('allowed', () => {
  test.each([
    ['core', 'kernel/bus.ts', `import type { Clock } from '../contract/clock.ts';`],
    ['core', 'kernel/bus.ts', `import { EventLog } from '../state/log.ts';`],
    ['core', 'manager/create.ts', `import { nearest } from '../config/suggest.ts'; import 'node:path';`],
    ['core', 'index.ts', `export * from './contract/process.ts'; export { a } from './manager/create.ts';`],
    ['core', 'contract/config.ts', `import type * as z from 'zod';`],
    ['core', 'hooks/create.ts', `import { SyncHook } from 'tapable';`],
    ['core', 'hooks/guard.ts', `import type { Hook } from 'tapable';`],
    ['core', 'config/import.ts', `export const load = (name: string) => import(name);`],
    ['plugin-health', 'checker.ts', `import retry from 'p-retry'; import { definePlugin } from '${core}';`],
    ['cli', 'commands/mcp.ts', `await import('@promptbin/plugin-mcp');`],
  ])('%s/%s: %s', (folder, path, text) => {
    expect(judge(folder, path, text)).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    ['core', 'kernel/bus.ts', `import { Guard } from '../hooks/guard.ts';`, 'kernel does not stand on hooks'],
    ['core', 'kernel/bus.ts', `import type { Guard } from '../hooks/guard.ts';`, 'kernel does not stand on hooks'],
    ['core', 'kernel/bus.ts', `let guard: import('../hooks/guard.ts').Guard;`, 'kernel does not stand on hooks'],
    ['core', 'kernel/bus.ts', `export * from '../hooks/guard.ts';`, 'kernel does not stand on hooks'],
    ['core', 'kernel/bus.ts', `const late = await import('../hooks/guard.ts');`, 'kernel does not stand on hooks'],
    ['core', 'process/child.ts', `import { load } from '../config/load.ts';`, 'process does not stand on config'],
    ['core', 'policy/decide.ts', `import { table } from '../state/table.ts';`, 'in no layer: policy'],
    ['core', 'commands/builtin.ts', `import { a } from '../manager/kernel.ts';`, 'only be imported for its types'],
    ['core', 'state/log.ts', `import { join } from 'node:path';`, 'this folder runs anywhere'],
    ['core', 'contract/config.ts', `import * as z from 'zod';`, 'may only use its types'],
    ['core', 'contract/config.ts', `import { type ZodType } from 'zod';`, 'may only use its types'],
    ['core', 'process/kill.ts', `import { execa } from 'execa';`, 'belongs in process/child.ts'],
    ['core', 'manager/create.ts', `await import('@promptbin/plugin-mcp');`, 'is not listed for core'],
    ['plugin-restart', 'index.ts', `import { health } from '@promptbin/plugin-health';`, 'is not listed'],
    ['plugin-restart', 'index.ts', `import type { health } from '@promptbin/plugin-health';`, 'is not listed'],
    ['plugin-restart', 'index.ts', `import { a } from '${core}/src/state/table.ts';`, 'is not listed'],
    ['plugin-restart', 'index.ts', `import { a } from '../../core/src/index.ts';`, 'leaves the package'],
    ['cli', 'commands/up.ts', `import { serveStdio } from '@promptbin/plugin-mcp';`, 'belongs in commands/mcp.ts'],
    ['testing', 'index.ts', `import { a } from '${core}';`, 'is not listed for testing'],
  ])('%s/%s: %s', (folder, path, text, mistake) => {
    expect(judge(folder, path, text)).toEqual([expect.stringContaining(mistake)]);
  });

  test('files that import each other, outside the contract', () => {
    const ring = (folder: string): Source[] => [
      parseSource('core', `${folder}/a.ts`, `import { b } from './b.ts';`),
      parseSource('core', `${folder}/b.ts`, `import type { c } from './c.ts';`),
      parseSource('core', `${folder}/c.ts`, `export * from './a.ts';`),
    ];
    expect(findImportMistakes([...settled, ...ring('state')])).toEqual([
      'cycle: packages/core/src/state/a.ts -> packages/core/src/state/b.ts -> packages/core/src/state/c.ts -> packages/core/src/state/a.ts',
    ]);
    expect(findImportMistakes([...settled, ...ring('contract')])).toEqual([]);
  });

  test('an exception that nothing needs any more', () => {
    const [first] = layerExceptions;
    expect(findImportMistakes(settled.slice(1))).toEqual([expect.stringContaining(`the exception of ${first?.from}`)]);
  });

  test('a file that does not parse', () => {
    expect(() => parseSource('core', 'kernel/bus.ts', 'import {')).toThrow('kernel/bus.ts');
  });
});
