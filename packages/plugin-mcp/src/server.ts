import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { CommandPort, CommandResult } from '@promptbin/core/views';
import { type Answer, refusal } from './answer.ts';
import { call } from './call.ts';
import { completionsOf } from './completions.ts';
import { notify, unheard } from './notifications.ts';
import { Offer } from './offer.ts';
import { describeProgress, withProgress } from './progress.ts';
import { describeResource, isTemplate, listResources, membersOf } from './resources.ts';
import type { Tool } from './tools.ts';

const instructions =
  'promptbin runs the processes of this project. Begin with list_processes. start_process and restart_process answer ' +
  'when the process is ready, or else tell why it is not. explain_process tells what is wrong and what to call next.';

export interface McpServerOptions {
  /** A manager, or the client of one. It may be gone for a while: the server stays up and says so. */
  readonly port: CommandPort;
  /** Shown to clients. */
  readonly version: string;
  /** Shown to clients. Default `promptbin`. */
  readonly name?: string;
  /** Which process `promptbin://flask-status` shows. Default: `web`, or else the first that has a port. */
  readonly flaskProcess?: string;
  /** `modern` is protocol revision 2026-07-28, `legacy` everything before. Default `legacy`. */
  readonly era?: 'legacy' | 'modern';
}

/** Calls a command for the request that is being answered; without one, for the server itself. */
type Ask = (command: string, input: unknown, ctx?: ServerContext) => Promise<CommandResult>;

/**
 * A server for one connection: tools, resources and notifications over the commands and events of `port`.
 * It listens to the events from the handshake on, until it is closed.
 */
export function createMcpServer(options: McpServerOptions): Server {
  const { port, version, name = 'promptbin', era = 'legacy', flaskProcess } = options;
  // Not `McpServer`, which answers with what has been registered by then: who asks first must wait for the manager.
  const server = new Server(
    { name, title: 'promptbin', version },
    {
      instructions,
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        ...(era === 'legacy' ? { logging: {} } : {}),
      },
    },
  );
  const offer = new Offer({
    port,
    flaskProcess,
    onToolsChanged: () => unheard(server.sendToolListChanged()),
    onResourcesChanged: () => unheard(server.sendResourceListChanged()),
  });
  const ask: Ask = (command, input, ctx) =>
    call(port, command, input, ctx ? { caller: callerOf(server, ctx), signal: ctx.mcpReq.signal } : { caller: 'mcp' });

  const subscribed = new Set<string>();
  answerTools(server, offer, ask);
  answerResources(server, offer, ask);
  if (era === 'legacy') answerSubscriptions(server, offer, subscribed);
  const uris = async (): Promise<readonly string[]> =>
    (await listResources(await offer.resources(), (command) => ask(command, {}))).map(({ uri }) => uri);
  // In the modern era the SDK knows the subscriptions and drops what nobody has asked for.
  notify(server, { port, flaskProcess, era, offer, uris, wants: (uri) => era === 'modern' || subscribed.has(uri) });
  return server;
}

function callerOf(server: Server, { mcpReq }: ServerContext): string {
  // The type of the envelope says nothing of its keys; the SDK has validated this one.
  const envelope = mcpReq.envelope as { readonly [CLIENT_INFO_META_KEY]?: { readonly name: string } } | undefined;
  const client = envelope?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  return `mcp:${(client?.name ?? 'unknown').replace(/[^\w.@/ -]/g, '?').slice(0, 64)}`;
}

function answerTools(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('tools/list', async () => ({ tools: (await offer.listTools()).map((tool) => tool.listed) }));
  server.setRequestHandler('tools/call', async ({ params }, ctx): Promise<Answer> => {
    const found = await offer.findTool(params.name);
    if (found === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${params.name} not found`);
    if ('listed' in found) return callTool(found, params.arguments, ask, ctx);
    const message = `Whether there is a tool ${params.name} is not known now. ${found.message}`;
    return refusal({ ...found, message });
  });
}

async function callTool(tool: Tool, args: unknown, ask: Ask, ctx: ServerContext): Promise<Answer> {
  const input = tool.parse(args);
  if (!input.ok) return tool.answer(input);
  const result = ask(tool.command, input.value, ctx);
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return tool.answer(await result);
  const report = (seconds: number): Promise<void> =>
    ctx.mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress: seconds, message: describeProgress(tool.listed.name, input.value, seconds) },
    });
  return tool.answer(await withProgress({ signal: ctx.mcpReq.signal, report }, result));
}

function answerResources(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('resources/list', async (_, ctx) => ({
    resources: await listResources(await offer.listResources(), (command) => ask(command, {}, ctx)),
  }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: (await offer.listResources())
      .filter(isTemplate)
      .map((template) => ({ ...describeResource(template), uriTemplate: template.uri })),
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, ctx) => {
    const found = await offer.findResource(uri);
    if (found === undefined) throw new ResourceNotFoundError(uri);
    const { resource, input } = found;
    const result = await ask(resource.command, input, ctx);
    if (result.ok) return { contents: [{ uri, mimeType: resource.mimeType, text: resource.text(result.value) }] };
    const { code, message, hint } = result.error;
    if (code.endsWith('_UNKNOWN')) throw new ResourceNotFoundError(uri);
    throw new ProtocolError(ProtocolErrorCode.InternalError, hint === undefined ? message : `${message} ${hint}`, {
      code,
    });
  });
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument, context } }, ctx) => {
    const resources = await offer.resources();
    const template = resources.find(({ uri }) => ref.type === 'ref/resource' && uri === ref.uri);
    if (template === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is nothing to complete.');
    const members = await membersOf(template, (command) => ask(command, {}, ctx));
    const typed = argument.value;
    return { completion: completionsOf(members, argument.name, { typed, known: context?.arguments }) };
  });
}

function answerSubscriptions(server: Server, offer: Offer, subscribed: Set<string>): void {
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    // What is not there yet may come, and without a manager nobody can say that it will not.
    const found = await offer.findResource(uri);
    if (found === undefined && offer.isKnown) throw new ResourceNotFoundError(uri);
    subscribed.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
}
