import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { png } from './content.ts';
import { type FixturePrompt, fixturePrompts } from './prompts.ts';
import { type FixtureTool, fixtureTools } from './tools.ts';

type Handler = (request: { readonly params?: Params }, ctx: ServerContext) => unknown;
type Params = Readonly<Record<string, unknown>>;
type Between = (handler: Handler) => Handler;

const binary = { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' };

/** Adds a list of the fixtures to the one that the server has. */
const listing =
  (key: string, own: readonly object[]): Between =>
  (handler) =>
  async (request, ctx) => {
    const listed = (await handler(request, ctx)) as Record<string, readonly object[]>;
    return { ...listed, [key]: [...(listed[key] ?? []), ...own] };
  };

const toolList = Object.entries(fixtureTools).map(([name, { takes = [] }]: [string, FixtureTool]) => ({
  name,
  description: `A fixture: ${name}.`,
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(takes.map((key) => [key, { type: 'string' }])),
    required: takes,
  },
}));
const promptList = Object.entries(fixturePrompts).map(([name, { takes = [] }]: [string, FixturePrompt]) => ({
  name,
  description: `A fixture: ${name}.`,
  arguments: takes.map((key) => ({ name: key, description: `The argument ${key}.`, required: true })),
}));

const between: Readonly<Record<string, Between>> = {
  'tools/list': listing('tools', toolList),
  'prompts/list': listing('prompts', promptList),
  'resources/list': listing('resources', [{ ...binary, description: 'A red pixel.' }]),
  'tools/call': (handler) => (request, ctx) => {
    const { name, arguments: args = {} } = request.params ?? {};
    return fixtureTools[String(name)]?.call(args as Record<string, string>, ctx) ?? handler(request, ctx);
  },
  'prompts/get': (handler) => (request, ctx) => {
    const { name, arguments: args = {} } = request.params ?? {};
    return fixturePrompts[String(name)]?.get(args as Record<string, string>, ctx) ?? handler(request, ctx);
  },
  'resources/read': (handler) => (request, ctx) => {
    if (request.params?.uri !== binary.uri) return handler(request, ctx);
    return { contents: [{ uri: binary.uri, mimeType: binary.mimeType, blob: png }] };
  },
  'completion/complete': (handler) => (request, ctx) => {
    const { name } = Object(request.params?.ref) as { readonly name?: string };
    if (fixturePrompts[String(name)] === undefined) return handler(request, ctx);
    return { completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false } };
  },
};

/** Puts the fixtures of the suite in front of what a server answers by itself. */
export function extend(server: Server): void {
  const set = server.setRequestHandler.bind(server) as (method: string, handler: Handler) => void;
  const setBetween = (method: string, handler: Handler): void => set(method, between[method]?.(handler) ?? handler);
  server.setRequestHandler = setBetween as typeof server.setRequestHandler;
}
