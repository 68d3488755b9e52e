import { Document, isCollection, isScalar, type Node, Pair, parse, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Draft, ProcessDraft } from './draft.ts';

/** @throws what is wrong with the text */
export function parseYaml(text: string): unknown {
  return parse(text, { merge: true, logLevel: 'error' });
}

/** The draft as YAML. `head` are comment lines for the top of the file. */
export function renderYaml(draft: Draft, head: readonly string[]): string {
  const document = new Document(new YAMLMap());
  document.commentBefore = commented([...head, ...draft.comments]);
  const plugins = new YAMLSeq<Node>();
  for (const { name, why } of draft.plugins) plugins.add(withComment(new Scalar(`@promptbin/plugin-${name}`), why));
  const processes = new YAMLMap<Scalar, Node>();
  draft.processes.forEach((process, index) => {
    const key = new Scalar(process.name);
    key.commentBefore = commented(process.comments);
    key.spaceBefore = index > 0;
    processes.add(new Pair(key, renderProcess(document, process)));
  });
  if (draft.suggestions.length > 0) processes.comment = commented(draft.suggestions);
  document.set('plugins', plugins);
  const key = new Scalar('processes');
  key.spaceBefore = true;
  document.add(new Pair(key, processes));
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function renderProcess(document: Document, { fields }: ProcessDraft): Node {
  const map = new YAMLMap<Scalar, Node>();
  for (const { key, value, why } of fields) {
    const node = document.createNode(value, { flow: true }) as Node;
    map.add(new Pair(new Scalar(key), withComment(node, why)));
  }
  return map;
}

function withComment(node: Node, why: string | undefined): Node {
  if (why !== undefined && (isScalar(node) || isCollection(node))) node.comment = ` ${why}`;
  return node;
}

function commented(lines: readonly string[]): string {
  return lines.map((line) => ` ${line}`).join('\n');
}
