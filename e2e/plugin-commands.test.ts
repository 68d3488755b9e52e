import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { promptbin } from './support/cli.ts';
import { endProcessesOf } from './support/processes.ts';
import { until } from './support/until.ts';

const core = join(import.meta.dirname, '..', 'packages', 'core');
const moduleUrl = (...path: readonly string[]): string => JSON.stringify(pathToFileURL(join(core, ...path)).href);

/** A config with a plugin for each name, which adds one command, with a tool that answers its number of calls. */
function configWith(...plugins: readonly string[]): string {
  return `
    import { definePlugin } from ${moduleUrl('src', 'index.ts')};
    import * as z from ${moduleUrl('node_modules', 'zod', 'index.js')};
    const counting = (name) => definePlugin({
      name,
      options: z.undefined(),
      fields: z.undefined(),
      setup(ctx) {
        let calls = 0;
        ctx.command({
          name: name + '.count', tool: 'count_' + name, summary: 'Counts.', effect: 'write', input: z.strictObject({}),
          run: () => ({ summary: 'counted', calls: ++calls }),
        });
      },
    })();
    export default {
      plugins: ${JSON.stringify(plugins)}.map(counting),
      processes: { idle: { command: 'sleep 60' } },
    };`;
}

async function project(...plugins: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-e2e-'));
  await configure(folder, ...plugins);
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function configure(folder: string, ...plugins: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'promptbin.config.mjs'), configWith(...plugins));
}

async function managerOf(folder: string): Promise<number> {
  return (JSON.parse(await readFile(join(folder, '.promptbin', 'manager.json'), 'utf8')) as { pid: number }).pid;
}

test.each(['legacy', 'modern'] as const)(
  'an agent sees the commands of plugins, also after a reload and with another manager, in the %s era',
  async (era) => {
    const folder = await project('ducks');
    const agent = await connectAgent(folder, { era });
    if (era === 'modern') await agent.client.listen({ toolsListChanged: true });
    const added = async (): Promise<string[]> =>
      (await agent.client.listTools()).tools.map(({ name }) => name).filter((name) => name.startsWith('count_'));
    const count = async (name: string): Promise<unknown> => (await agent.call(`count_${name}`)).facts;
    const changes = (): number => agent.pushed.filter(({ method }) => method.includes('tools/list_changed')).length;
    // The first call waits for the manager, which the first list may have been too early for.
    expect(await count('ducks')).toEqual({ summary: 'counted', calls: 1 });
    expect(await added()).toEqual(['count_ducks']);
    const before = changes();

    await configure(folder, 'ducks', 'bears');
    expect((await promptbin(folder, ['reload']).finished).code).toBe(0);
    await agent.arrived(() => changes() === before + 1);
    expect(await added()).toEqual(['count_bears', 'count_ducks']);
    expect(await count('bears')).toMatchObject({ calls: 1 });

    await configure(folder, 'ducks', 'cats');
    process.kill(await managerOf(folder), 'SIGKILL');
    await agent.arrived(() => changes() === before + 2);
    expect(await added()).toEqual(['count_cats', 'count_ducks']);
    expect(await count('ducks')).toMatchObject({ calls: 1 });

    expect((await promptbin(folder, ['down']).finished).code).toBe(0);
    const gone = await until(
      () => agent.call('count_ducks'),
      ({ isError }) => isError,
      'the manager is gone',
    );
    expect(gone.facts).toMatchObject({ error: { code: 'PB_MANAGER_GONE' } });
    const unknown = await agent.call('count_bears');
    expect(unknown.facts).toMatchObject({ error: { code: 'PB_MANAGER_GONE' } });
    expect(unknown.text).toContain('Whether there is a tool count_bears is not known now.');
    expect(await added()).toEqual(['count_cats', 'count_ducks']);

    // Whoever starts a process starts the manager, too: it has the same commands, so there is no news.
    await agent.call('start_process', { name: 'idle' });
    expect(await count('cats')).toMatchObject({ calls: 1 });
    await expect(agent.client.callTool({ name: 'count_bears', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    expect(changes()).toBe(before + 2);
    await agent.client.close();
  },
);
