import {
  CLIENT_INFO_META_KEY,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import {
  type CommandPort,
  type CommandResult,
  type CommandSpec,
  getSpec,
  type ListResult,
  listSpec,
} from '@promptbin/core/views';
import { type Answer, answer } from './answer.ts';
import { call } from './call.ts';
import { type LogLevel, logLevels } from './messages.ts';
import { plain } from './plain.ts';
import { withProgress } from './progress.ts';
import { push } from './push.ts';
import {
  flaskStatus,
  flaskStatusUri,
  isResourceUri,
  processesUri,
  processUri,
  processUriTemplate,
} from './resources.ts';
import { parseInput, type Tool, tools } from './tools.ts';

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

/**
 * A server for one connection: tools, resources and notifications over the commands and events of `port`.
 * It listens to the events from the handshake on, until it is closed.
 */
export function createMcpServer(options: McpServerOptions): McpServer {
  const { port, version, name = 'promptbin', era = 'legacy' } = options;
  const server = new McpServer(
    { name, title: 'promptbin', version },
    {
      instructions,
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged: false, subscribe: true },
        ...(era === 'legacy' ? { logging: {} } : {}),
      },
    },
  );
  const callerOf = (ctx: ServerContext): string => {
    // The type of the envelope says nothing of its keys; the SDK has validated this one.
    const envelope = ctx.mcpReq.envelope as { readonly [CLIENT_INFO_META_KEY]?: { readonly name: string } } | undefined;
    const client = envelope?.[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
    return `mcp:${(client?.name ?? 'unknown').replace(/[^\w.@/ -]/g, '?').slice(0, 64)}`;
  };
  const ask: Ask = (spec, input, ctx) => call(port, spec, input, { caller: callerOf(ctx), signal: ctx.mcpReq.signal });

  for (const tool of tools) addTool(server, tool, ask);
  addResources(server, ask, options.flaskProcess);
  addNotifications(server, options);
  return server;
}

/** Calls a command for the request that is being answered. */
type Ask = (spec: CommandSpec, input: unknown, ctx: ServerContext) => Promise<CommandResult>;

function addTool(server: McpServer, { spec, name, ...config }: Tool, ask: Ask): void {
  server.registerTool(name, { ...config, description: spec.summary }, async (args, ctx): Promise<Answer> => {
    const input = parseInput(spec, args);
    if (!input.ok) return answer(spec, input);
    const result = ask(spec, input.value, ctx);
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken === undefined || spec.effect === 'read') return answer(spec, await result);
    const report = (seconds: number): Promise<void> =>
      ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress: seconds, message: `${name} has been at it for ${seconds} s` },
      });
    return answer(spec, await withProgress({ signal: ctx.mcpReq.signal, report }, result));
  });
}

function addResources(server: McpServer, ask: Ask, flaskProcess: string | undefined): void {
  const mimeType = 'application/json';
  const read = async (uri: URL, spec: CommandSpec, input: unknown, ctx: ServerContext): Promise<unknown> => {
    const result = await ask(spec, input, ctx);
    if (result.ok) return plain(result.value);
    const { code, message, hint } = result.error;
    if (code === 'PB_PROCESS_UNKNOWN') throw new ResourceNotFoundError(uri.href);
    throw new ProtocolError(ProtocolErrorCode.InternalError, hint === undefined ? message : `${message} ${hint}`, {
      code,
    });
  };
  const contents = ({ href }: URL, value: unknown): ReadResourceResult => ({
    contents: [{ uri: href, mimeType, text: JSON.stringify(value) }],
  });
  const names = async (ctx: ServerContext): Promise<readonly string[]> => {
    const result = await ask(listSpec, {}, ctx);
    return result.ok ? (result.value as ListResult).processes.map(({ name }) => name) : [];
  };

  server.registerResource(
    'processes',
    processesUri,
    { description: 'All processes and the cursor of the newest event.', mimeType },
    async (uri, ctx) => {
      const { processes, eventCursor } = (await read(uri, listSpec, {}, ctx)) as ListResult;
      return contents(uri, { processes, eventCursor });
    },
  );
  server.registerResource(
    'flask-status',
    flaskStatusUri,
    { description: 'The web app: port and pid, null while it is down, and how often it was restarted.', mimeType },
    async (uri, ctx) => contents(uri, flaskStatus((await read(uri, listSpec, {}, ctx)) as ListResult, flaskProcess)),
  );
  server.registerResource(
    'process',
    new ResourceTemplate(processUriTemplate, {
      list: async (ctx) => ({ resources: (await names(ctx)).map((name) => ({ name, uri: processUri(name) })) }),
    }),
    { description: 'One process, as get_process answers it.', mimeType },
    async (uri, { name }, ctx) => contents(uri, await read(uri, getSpec, { name: decoded(String(name)) }, ctx)),
  );
}

/** A name as it stands in a URI; what is not well encoded is a name that nobody has. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function addNotifications({ server }: McpServer, { port, flaskProcess, era = 'legacy' }: McpServerOptions): void {
  const closed = new AbortController();
  const subscribed = new Set<string>();
  let threshold: LogLevel = 'warning';
  server.onclose = () => closed.abort();
  const start = (): void =>
    push({
      port,
      flaskProcess,
      signal: closed.signal,
      // In the modern era the SDK knows the subscriptions and drops what nobody has asked for.
      updated: (uri) => {
        if (era === 'modern' || subscribed.has(uri)) void server.sendResourceUpdated({ uri }).catch(ignored);
      },
      log: (message) => {
        const heard = era === 'legacy' && logLevels.indexOf(message.level) >= logLevels.indexOf(threshold);
        if (heard) void server.sendLoggingMessage({ ...message }).catch(ignored);
      },
    });
  if (era === 'modern') {
    start();
    return;
  }
  server.oninitialized = start;
  server.setRequestHandler('logging/setLevel', ({ params }) => {
    threshold = params.level;
    return {};
  });
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    if (!isResourceUri(uri)) throw new ResourceNotFoundError(uri);
    subscribed.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
}

/** A notification that cannot be sent has no reader any more; the transport reports its own end. */
function ignored(): void {}
