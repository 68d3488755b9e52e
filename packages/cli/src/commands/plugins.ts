import type { PluginsResult } from '@promptbin/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { renderTable } from '../render/table.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Shows the plugins, with what they have a say in and what they add. */
export async function plugins(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const connection = await connectToProject(invocation);
  const [{ plugins: installed }, commands] = await Promise.all([
    ask<PluginsResult>(connection, 'plugin.list'),
    connection.commands(),
  ]);
  const all = installed.map(({ name, hooks }) => {
    const added = commands.filter(({ plugin }) => plugin === name);
    return { name, hooks, commands: added.map((command) => command.name) };
  });
  if (json) out.json({ version: 1, ok: true, plugins: all });
  else if (all.length === 0) out.line('The config lists no plugins.');
  else {
    const rows = all.map((one) => [out.palette.bold(one.name), listed(one.commands), listed(one.hooks)]);
    for (const line of renderTable([['PLUGIN', 'COMMANDS', 'HOOKS'], ...rows], out.columns)) out.line(line);
  }
  return exitCodes.done;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '-' : names.join(', ');
}
