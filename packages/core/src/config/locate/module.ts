import { createRequire } from 'node:module';
import type { ConfigLayer } from '../../contract/config-source.ts';
import { type Declared, declarationsIn, type Program, type Syntax } from './declarations.ts';
import { search } from './search.ts';

/**
 * Finds places in the source of a module: `text` is parsed when the first is asked for. What is written as literals is
 * found through calls, functions, spreads and names; of what is computed, the nearest place around it.
 */
export function locateInModule(text: string): ConfigLayer['locate'] {
  let root: { readonly node: Syntax; readonly declared: Declared } | undefined;
  let isParsed = false;
  return (path, part = 'value') => {
    if (!isParsed) {
      isParsed = true;
      root = rootOf(text);
    }
    if (root === undefined) return undefined;
    const { node, key } = search(root.node, path, root.declared);
    const place = part === 'key' && key !== undefined ? key : node;
    return place.loc ? { line: place.loc.start.line, column: place.loc.start.column + 1 } : undefined;
  };
}

function rootOf(text: string): { readonly node: Syntax; readonly declared: Declared } | undefined {
  // Large, and of use to nobody whose config is right.
  const { parse } = createRequire(import.meta.url)('@babel/parser') as typeof import('@babel/parser');
  try {
    const { program } = parse(text, { sourceType: 'unambiguous', errorRecovery: true, plugins: ['typescript'] });
    const declared = declarationsIn(program.body);
    const exported = exportOf(program, declared);
    return exported && { node: argumentOf(exported, declared), declared };
  } catch {
    // It ran, so it can be read; but the parser may not know the newest syntax. A position is all that is lost.
    return undefined;
  }
}

function exportOf({ body }: Program, declared: Declared): Syntax | undefined {
  for (const statement of body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type === 'TSExportAssignment') return statement.expression;
    if (statement.type === 'ExportNamedDeclaration') {
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ExportSpecifier' || specifier.local.type !== 'Identifier') continue;
        if (specifier.exported.type === 'Identifier' && specifier.exported.name === 'default')
          return declared.get(specifier.local.name);
      }
    }
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right } = statement.expression;
    if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') continue;
    if (left.object.name === 'module' && left.property.type === 'Identifier' && left.property.name === 'exports') {
      return right;
    }
  }
  return undefined;
}

/** `defineConfig(…)` gives back what it gets; so does what stands in for it. */
function argumentOf(node: Syntax, declared: Declared): Syntax {
  if (node.type === 'Identifier') {
    const value = declared.get(node.name);
    return value?.type === 'CallExpression' ? argumentOf(value, declared) : node;
  }
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression')
    return argumentOf(node.expression, declared);
  const [argument, ...more] = node.type === 'CallExpression' ? node.arguments : [];
  return argument === undefined || more.length > 0 ? node : argument;
}
