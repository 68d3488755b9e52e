import type { ConfigPath } from '../../contract/config-source.ts';
import { type Declared, declarationsIn, returnsIn, type Syntax } from './declarations.ts';

export interface Place {
  readonly node: Syntax;
  /** The key that it stands under. */
  readonly key?: Syntax | undefined;
  /** How many steps of the path led here. */
  readonly depth: number;
}

/** Follows `path` from `node` down as far as the source shows it. */
export function search(node: Syntax, path: ConfigPath, declared: Declared): Place {
  const here: Place = { node, depth: 0 };
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return search(node.expression, path, declared);
    case 'AwaitExpression':
    case 'SpreadElement':
      return search(node.argument, path, declared);
    case 'Identifier':
      return searchName(node.name, path, declared) ?? here;
    case 'MemberExpression':
      return searchMember(node, path, declared) ?? here;
    case 'ObjectExpression':
      return searchObject(node, path, declared) ?? here;
    case 'ArrayExpression':
      return searchList(node, path, declared) ?? here;
    case 'ConditionalExpression':
      return deepest(here, [node.consequent, node.alternate], path, declared);
    case 'LogicalExpression':
      return deepest(here, [node.left, node.right], path, declared);
    case 'CallExpression': {
      // What goes into a call mostly comes out of it: `health({ … })`, `service({ … })`, `Object.assign({}, …)`.
      const place = deepest(here, node.arguments, path, declared);
      const callee = node.callee.type === 'Identifier' ? declared.get(node.callee.name) : undefined;
      const made = callee && search(callee, path, declared);
      return made !== undefined && made.depth > place.depth && !isComputed(made.node) ? made : place;
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
    case 'ObjectMethod': {
      if (node.body.type !== 'BlockStatement') return search(node.body, path, declared);
      const [first = node, ...others] = returnsIn(node.body.body);
      const inside = declarationsIn(node.body.body, declared);
      return first === node ? here : deepest(search(first, [], inside), [first, ...others], path, inside);
    }
    default:
      return here;
  }
}

/** Inside a function such a thing stands for what it was called with: the call tells more. */
function isComputed({ type }: Syntax): boolean {
  return type === 'Identifier' || type === 'MemberExpression' || type === 'CallExpression';
}

/** The place that most of the path leads to; `here` when none of it does. */
function deepest(here: Place, nodes: readonly Syntax[], path: ConfigPath, declared: Declared): Place {
  return nodes.reduce<Place>((best, node) => {
    const place = search(node, path, declared);
    return place.depth > best.depth ? place : best;
  }, here);
}

function searchName(name: string, path: ConfigPath, declared: Declared): Place | undefined {
  const value = declared.get(name);
  // Without the name, one that is declared by itself ends.
  return value && search(value, path, new Map([...declared].filter(([other]) => other !== name)));
}

function searchMember(
  { object, property, computed }: Extract<Syntax, { type: 'MemberExpression' }>,
  path: ConfigPath,
  declared: Declared,
): Place | undefined {
  if (computed || property.type !== 'Identifier' || object.type === 'Super') return undefined;
  const place = search(object, [property.name, ...path], declared);
  return place.depth === 0 ? undefined : { ...place, depth: place.depth - 1 };
}

function searchObject(
  { properties }: Extract<Syntax, { type: 'ObjectExpression' }>,
  [step, ...rest]: ConfigPath,
  declared: Declared,
): Place | undefined {
  if (step === undefined) return undefined;
  // The last one holds.
  for (const property of properties.toReversed()) {
    if (property.type === 'SpreadElement') {
      const place = search(property.argument, [step, ...rest], declared);
      if (place.depth > 0) return place;
    } else if (keyOf(property) === String(step)) {
      const place: Place =
        property.type === 'ObjectMethod'
          ? { node: property, depth: 0 }
          : search(property.value as Syntax, rest, declared);
      return { ...place, key: place.depth === 0 ? (property.key as Syntax) : place.key, depth: place.depth + 1 };
    }
  }
  return undefined;
}

function keyOf({ key, computed }: Extract<Syntax, { type: 'ObjectProperty' | 'ObjectMethod' }>): string | undefined {
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? undefined;
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}

function searchList(
  list: Extract<Syntax, { type: 'ArrayExpression' }>,
  [step, ...rest]: ConfigPath,
  declared: Declared,
): Place | undefined {
  const item = itemsOf(list, declared)[Number(step)];
  if (step === undefined || item === undefined) return undefined;
  const place = search(item, rest, declared);
  // An item has no key; and it is the call, not what goes into it.
  return place.depth === 0 ? { node: item, depth: 1 } : { ...place, depth: place.depth + 1 };
}

/** Those whose number is known: all before the first spread of something computed. */
function itemsOf(
  { elements }: Extract<Syntax, { type: 'ArrayExpression' }>,
  declared: Declared,
): readonly (Syntax | undefined)[] {
  const items: (Syntax | undefined)[] = [];
  for (const element of elements) {
    if (element?.type !== 'SpreadElement') {
      items.push(element ?? undefined);
      continue;
    }
    const { node } = search(element.argument, [], declared);
    if (node.type !== 'ArrayExpression') break;
    items.push(...itemsOf(node, declared));
  }
  return items;
}
