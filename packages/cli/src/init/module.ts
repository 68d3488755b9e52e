import type { Json } from '@promptbin/core';
import type { Draft, Field } from './draft.ts';

/** The draft as a module. `isTyped`: core and the plugins can be imported from its folder. */
export function renderModule(draft: Draft, isTyped: boolean): string {
  const names = draft.plugins.map(({ name }) => name);
  const imports = [
    "import { defineConfig } from '@promptbin/core';",
    ...names.toSorted().map((name) => `import { ${name} } from '@promptbin/plugin-${name}';`),
  ];
  return [
    ...comment(draft.comments),
    ...(isTyped ? [...imports, ''] : []),
    `export default ${isTyped ? 'defineConfig(' : ''}{`,
    '  plugins: [',
    ...draft.plugins.map(
      ({ name, why }) => `    ${isTyped ? `${name}()` : literal(`@promptbin/plugin-${name}`)}, // ${why}`,
    ),
    '  ],',
    '  processes: {',
    ...draft.processes.flatMap(({ name, comments, fields }) => [
      ...comment(comments, '    '),
      `    ${keyOf(name)}: {`,
      ...fields.map(fieldLine),
      '    },',
    ]),
    ...comment(draft.suggestions, '    '),
    '  },',
    isTyped ? '});' : '};',
    '',
  ].join('\n');
}

function fieldLine({ key, value, why }: Field): string {
  return `      ${key}: ${literal(value)},${why === undefined ? '' : ` // ${why}`}`;
}

function comment(lines: readonly string[], indent = ''): readonly string[] {
  return lines.map((line) => `${indent}// ${line}`);
}

function literal(value: Json | undefined): string {
  if (typeof value === 'string') return /['\\\p{C}]/u.test(value) ? JSON.stringify(value) : `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${keyOf(key)}: ${literal(inner)}`)
    .join(', ')} }`;
}

function keyOf(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : `'${name}'`;
}
