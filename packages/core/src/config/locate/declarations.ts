import type { parse } from '@babel/parser';

export type Program = ReturnType<typeof parse>['program'];
export type Statement = Program['body'][number];
type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
type ObjectMember = Extract<Expression, { type: 'ObjectExpression' }>['properties'][number];
type Argument = Extract<Expression, { type: 'CallExpression' }>['arguments'][number];
type Exported = Extract<Statement, { type: 'ExportDefaultDeclaration' }>['declaration'];

/** What a value of the config can be written as. */
export type Syntax = Expression | Exclude<ObjectMember, { type: 'SpreadElement' }> | Argument | Exported;

/** What the names of a module, or of a function in it, stand for. */
export type Declared = ReadonlyMap<string, Syntax>;

/** The variables and functions that are declared directly in `statements`, beside those of `around`. */
export function declarationsIn(statements: readonly Statement[], around: Declared = new Map()): Declared {
  const declared = new Map(around);
  for (const outer of statements) {
    const statement = outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (statement.type === 'FunctionDeclaration' && statement.id) declared.set(statement.id.name, statement);
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && init) declared.set(id.name, init);
    }
  }
  return declared;
}

/** What a function returns, wherever in its body. */
export function returnsIn(statements: readonly Statement[]): readonly Syntax[] {
  return statements.flatMap((statement): readonly Syntax[] => {
    switch (statement.type) {
      case 'ReturnStatement':
        return statement.argument ? [statement.argument] : [];
      case 'BlockStatement':
        return returnsIn(statement.body);
      case 'IfStatement':
        return returnsIn([statement.consequent, ...(statement.alternate ? [statement.alternate] : [])]);
      case 'SwitchStatement':
        return statement.cases.flatMap(({ consequent }) => returnsIn(consequent));
      case 'TryStatement':
        return returnsIn([statement.block, ...(statement.handler ? [statement.handler.body] : [])]);
      default:
        return [];
    }
  });
}
