import { Document, isCollection, isScalar, visit } from 'yaml';

/** As YAML, with short lists on one line: words, as commands are read, and pairs, such as a plugin and its options. */
export function yamlOf(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Seq(_key, list) {
      const isPair = list.items.length === 2 && isScalar(list.items[0]);
      list.flow = isPair || !list.items.some((item) => isCollection(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
