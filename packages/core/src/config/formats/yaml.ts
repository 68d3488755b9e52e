import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import type { ConfigPath } from '../../contract/config-source.ts';
import { messageOf } from '../../errors/error.ts';
import { type Reading, UnreadableText } from './reading.ts';

/**
 * Reads YAML 1.2; `<<` merges, as it did in 1.1.
 *
 * @throws UnreadableText
 */
export function readYaml(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  // A warning says that something is taken for text that was meant to be something else.
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos: [start] }) => ({
    ...at(start),
    message: sentences[code] ?? `${message.replace(/\.$/, '')}.`,
  }));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `"*${alias.source}" stands for nothing: no "&${alias.source}" comes before it.`;
      faults.push({ ...at(alias.range?.[0] ?? 0), message });
    },
  });
  if (faults.length > 0) throw new UnreadableText(faults);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (fault) {
    // Aliases of aliases that would grow without bounds.
    throw new UnreadableText([{ ...at(0), message: `${messageOf(fault)}.` }]);
  }
  return {
    value,
    locate: (path, part = 'value') => {
      const { key, node } = nearestNode(document, path);
      const [start] = (part === 'key' && key?.range) || node?.range || [];
      return start === undefined ? undefined : at(start);
    },
  };
}

const sentences: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'A second key cannot stand here: put a text with a colon in quotes, or the key into the next line, deeper.',
  DUPLICATE_KEY: 'This key is here twice.',
  MULTIPLE_DOCS: 'A config is one document, and here begins a second one.',
  TAB_AS_INDENT: 'YAML is indented by spaces, and here is a tab.',
};

interface Place {
  readonly key?: Node | undefined;
  readonly node?: Node | undefined;
}

function nearestNode(document: Document.Parsed, path: ConfigPath): Place {
  let place: Place = { node: document.contents ?? undefined };
  for (const step of path) {
    const node = isAlias(place.node) ? place.node.resolve(document) : place.node;
    const next = isNode(node) ? inside(node, step, document) : undefined;
    if (next?.node === undefined) return next?.key === undefined ? place : next;
    place = next;
  }
  return place;
}

function inside(node: Node, step: PropertyKey, document: Document.Parsed): Place | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? { node: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => keyText(key) === String(step));
  if (pair !== undefined) return placeOf(pair);
  const merges = node.items
    .filter(({ key }) => keyText(key) === '<<')
    .flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  for (const merge of merges) {
    const source = isAlias(merge) ? merge.resolve(document) : merge;
    const found = isNode(source) ? inside(source, step, document) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function placeOf({ key, value }: Pair): Place {
  return { key: isNode(key) ? key : undefined, node: isNode(value) ? value : undefined };
}

function keyText(key: unknown): string {
  // Of a merge key the value is a symbol.
  return String(isScalar(key) ? (key.source ?? key.value) : key);
}
