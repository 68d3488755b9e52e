import type { PluginContext } from '@promptbin/core';
import type { MetricRegistry } from './registry.ts';
import type { MetricsServer } from './server.ts';
import type { MetricsAddress } from './settings.ts';

type ServeContext = Pick<PluginContext<unknown, unknown, never>, 'hooks' | 'emit' | 'use' | 'onDispose'>;

/** Serves the metrics from when the manager has started until the plugin is disposed of. */
export function serveMetrics(ctx: ServeContext, address: MetricsAddress, current: () => Promise<MetricRegistry>): void {
  const { host, port } = address;
  const network = ctx.use('network');

  const describe = async (fault: unknown): Promise<string> => {
    const { code, message } = fault as NodeJS.ErrnoException;
    const what = `/metrics is not served at ${host}, port ${port}`;
    if (code !== 'EADDRINUSE') return `${what}: ${message}`;
    const holder = await network.holder(port).catch(() => undefined);
    return `${what}: the port is ${holder === undefined ? 'taken' : `held by ${holder}`}`;
  };

  let server: MetricsServer | undefined;
  let isOver = false;
  ctx.onDispose(() => {
    isOver = true;
    return server?.close();
  });

  const serve = async (): Promise<void> => {
    try {
      const { MetricsServer } = await import('./server.ts');
      if (isOver) return;
      server = new MetricsServer(async () => {
        const registry = await current();
        return { contentType: registry.contentType, text: await registry.text() };
      });
      await server.listen(address);
    } catch (fault) {
      ctx.emit('metrics.serverFault', { host, port, message: await describe(fault) });
    }
  };

  // Not in the setup: no boot waits for it, or fails by it.
  ctx.hooks.event.tap('serve', ({ type }) => {
    if (type === 'manager.started') void serve();
  });
}
