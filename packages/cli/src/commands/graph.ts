import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type GraphNode, mermaidOf, treeOf } from '../render/graph.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { processesWithSettings } from './settings.ts';

/** Shows what depends on what. */
export async function graph({ mermaid }: { readonly mermaid: boolean }, invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const processes = await processesWithSettings(await connectToProject(invocation));
  const nodes = processes.map(
    ([{ name, phase, ready }, { dependsOn }]): GraphNode => ({ name, phase, ready, dependsOn }),
  );
  if (json) out.json({ version: 1, ok: true, processes: nodes });
  else for (const line of mermaid ? mermaidOf(nodes) : treeOf(nodes, out.palette)) out.line(line);
  return exitCodes.done;
}
