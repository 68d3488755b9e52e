import type * as z from 'zod';
import type { ConfigPath } from '../contract/config-source.ts';

/** A part of a JSON Schema. */
export type JsonNode = z.core.JSONSchema.BaseSchema;

/** The parts that describe what stands at `path`: several, where a value can be of several kinds. */
export function nodesAt(root: JsonNode, path: ConfigPath): readonly JsonNode[] {
  let nodes = alternatives(root, root);
  for (const step of path) {
    nodes = nodes.flatMap((node) => child(node, step)).flatMap((node) => alternatives(root, node));
  }
  return nodes;
}

function alternatives(root: JsonNode, given: JsonNode): JsonNode[] {
  const node = refersTo(root, given) ?? given;
  const branches = [node.else ?? [], node.anyOf ?? [], node.oneOf ?? [], node.allOf ?? []].flat();
  const inner = branches.filter((branch) => typeof branch === 'object').flatMap((branch) => alternatives(root, branch));
  // What stands beside a reference says more than what it refers to.
  return node === given ? [node, ...inner] : [given, node, ...inner];
}

function refersTo(root: JsonNode, { $ref }: JsonNode): JsonNode | undefined {
  const [, name = ''] = /^#\/\$defs\/(.+)$/.exec($ref ?? '') ?? [];
  const found = root.$defs?.[name];
  return typeof found === 'object' ? found : undefined;
}

function child(node: JsonNode, step: PropertyKey): JsonNode[] {
  const next =
    typeof step === 'number'
      ? (node.prefixItems?.[step] ?? node.items)
      : (node.properties?.[String(step)] ?? node.additionalProperties);
  return typeof next === 'object' && !Array.isArray(next) ? [next] : [];
}
