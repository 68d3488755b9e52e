import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  type ParseErrorCode,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { ConfigPath } from '../../contract/config-source.ts';
import { messageOf } from '../../errors/error.ts';
import { positionOf, type Reading, type SyntaxFault, UnreadableText } from './reading.ts';

/**
 * Reads JSON as strictly as `JSON.parse`, and stricter: a key stands in an object once. `under` is the key that the
 * config stands under, if it is not the whole text; without that key the value is undefined.
 *
 * @throws UnreadableText
 */
export function readJson(text: string, under?: string): Reading {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const base: ConfigPath = under === undefined ? [] : [under];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (fault) {
    throw new UnreadableText(errors.length === 0 ? [unplaced(text, fault)] : faultsOf(text, errors));
  }
  const twice = tree === undefined ? [] : duplicates(tree);
  if (twice.length > 0) {
    throw new UnreadableText(
      twice.map((key) => ({
        ...positionOf(text, key.offset),
        message: `The key ${JSON.stringify(key.value)} is here twice.`,
      })),
    );
  }
  return {
    value: under === undefined ? value : (value as Record<string, unknown> | null)?.[under],
    locate: (path, part = 'value') => {
      const node = tree && nearestNode(tree, [...base, ...path]);
      if (node === undefined) return undefined;
      const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
      return positionOf(text, part === 'key' && key !== undefined ? key.offset : node.offset);
    },
  };
}

function nearestNode(tree: Node, path: ConfigPath): Node | undefined {
  for (let end = path.length; end >= 0; end--) {
    const node = findNodeAtLocation(
      tree,
      path.slice(0, end).map((step) => (typeof step === 'number' ? step : String(step))),
    );
    if (node !== undefined) return node;
  }
  return tree;
}

function duplicates(node: Node): readonly Node[] {
  const own: Node[] = [];
  if (node.type === 'object') {
    const seen = new Set<unknown>();
    for (const { children: [key] = [] } of node.children ?? []) {
      if (key === undefined) continue;
      if (seen.has(key.value)) own.push(key);
      seen.add(key.value);
    }
  }
  return [...own, ...(node.children ?? []).flatMap(duplicates)];
}

function faultsOf(text: string, errors: readonly ParseError[]): readonly SyntaxFault[] {
  // After a slip the parser may take the first bracket for the last one.
  const told = errors.filter(({ error }, index) => index === 0 || printParseErrorCode(error) !== 'EndOfFileExpected');
  return told.map(({ error, offset, length }) => ({
    ...positionOf(text, offset),
    message: sentenceOf(error, text.slice(offset, offset + length), text.slice(0, offset)),
  }));
}

function sentenceOf(error: ParseErrorCode, found: string, before: string): string {
  const name = printParseErrorCode(error);
  if (/,\s*$/.test(before) && /^[}\]]/.test(found)) return `JSON takes no comma before ${JSON.stringify(found)}.`;
  if (name === 'InvalidSymbol') return `Expected JSON, not ${found}. Text and keys stand in double quotes.`;
  return sentences[name] ?? `This is not JSON (${name}).`;
}

const sentences: Readonly<Record<string, string>> = {
  CloseBraceExpected: 'Expected a comma or "}".',
  CloseBracketExpected: 'Expected a comma or "]".',
  ColonExpected: 'Expected a colon after the key.',
  CommaExpected: 'Expected a comma before this.',
  EndOfFileExpected: 'Expected nothing after the end of the JSON.',
  InvalidCharacter: 'This character cannot stand in a text; write it as an escape.',
  InvalidCommentToken: 'JSON takes no comments.',
  InvalidEscapeCharacter: 'Unknown escape in a text.',
  InvalidNumberFormat: 'This is no number.',
  PropertyNameExpected: 'Expected a key in double quotes.',
  UnexpectedEndOfString: 'This text has no end: expected a double quote.',
  ValueExpected: 'Expected a value.',
};

/** `JSON.parse` is stricter than the parser that tells places; it has the place in its message, and not always. */
function unplaced(text: string, fault: unknown): SyntaxFault {
  const [, reason, offset] = /^(.*) in JSON at position (\d+)/s.exec(messageOf(fault)) ?? [];
  return { ...positionOf(text, Number(offset ?? text.length)), message: `${reason ?? messageOf(fault)}.` };
}
