import { join } from 'node:path';
import type { PluginContext } from '@promptbin/core';
import type { ToolChoice } from '../settings.ts';
import { version } from '../version.ts';
import type { HttpAddress } from './address.ts';
import type { HttpService } from './serve.ts';

type HttpContext = Pick<PluginContext<unknown, unknown, never>, 'hooks' | 'emit' | 'use' | 'onDispose' | 'root'>;

interface Serving {
  readonly address: HttpAddress;
  readonly choice: ToolChoice;
}

/** Serves the manager itself over HTTP, from when it has started until the plugin is disposed of. */
export function serveManager(ctx: HttpContext, { address, choice }: Serving): void {
  const { host, port } = address;
  const tokenFile = join(ctx.root, '.promptbin', 'token');
  let service: HttpService | undefined;
  let isOver = false;
  ctx.onDispose(() => {
    isOver = true;
    return service?.close();
  });

  const serve = async (): Promise<void> => {
    try {
      const { serveHttp } = await import('./serve.ts');
      service = await serveHttp({ port: ctx.use('commands'), version, http: address, tokenFile, ...choice });
      service.unref();
      if (isOver) return await service.close();
      ctx.emit('mcp.serving', { url: service.url, tokenFile });
    } catch (fault) {
      ctx.emit('mcp.serverFault', { host, port, message: await describe(fault) });
    }
  };

  const describe = async (fault: unknown): Promise<string> => {
    const { message, cause } = fault as Error & { readonly cause?: NodeJS.ErrnoException };
    if (cause?.code !== 'EADDRINUSE') return message;
    const holder = await ctx
      .use('network')
      .holder(port)
      .catch(() => undefined);
    return holder === undefined
      ? message
      : `MCP is not served at ${host}, port ${port}: the port is held by ${holder}.`;
  };

  // Not in the setup: no boot waits for it, or fails by it.
  ctx.hooks.event.tap('serve', ({ type }) => {
    if (type === 'manager.started') void serve();
  });
}
