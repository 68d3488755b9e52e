import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectIfUp } from '../control/background.ts';
import { StdioProbe } from '../control/stdio-probe.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { messageOf } from '../fault.ts';
import { mcpClients } from '../mcp-clients.ts';
import { version } from '../version.ts';
import { inspectProject, projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { mcpEntry } from './mcp-entry.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
}

/** For what a client starts itself, which loads a config and perhaps a manager. */
const patienceMs = 30_000;

/** Does what a client does, step by step, and says how far that goes. Exit code 1 when something does not work. */
export async function doctor(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const findings: Finding[] = [];
  for await (const finding of examine(invocation)) {
    findings.push(finding);
    const { ok, check, text } = finding;
    if (!json && ok) out.note(`${out.palette.green('✔')} ${check}: ${text}`);
    if (!json && !ok) out.line(`${out.palette.red('✖')} ${check}: ${text}`);
  }
  const ok = findings.every((finding) => finding.ok);
  if (json) out.json({ version: 1, ok, findings });
  else if (ok) out.note('An agent can use it. The entry for a client: promptbin mcp --print-config claude');
  return ok ? exitCodes.done : exitCodes.unreached;
}

async function* examine(invocation: Invocation): AsyncGenerator<Finding> {
  yield await finding('config', async () => {
    const { loaded, inspection } = await inspectProject(invocation);
    return `${loaded.file} with ${inspection.processes.length} processes`;
  });
  const root = projectRoot(invocation);
  yield* clientFindings(root);
  const running = await connectIfUp(root).catch(() => undefined);
  running?.close();
  const { command, args } = mcpEntry({ toolsets: [], readonly: false }, invocation);
  await using probe = new StdioProbe(command, args, root);
  yield* askServer(probe, running === undefined);
  yield probe.stray.length === 0
    ? { check: 'stdout', ok: true, text: 'nothing but the protocol' }
    : { check: 'stdout', ok: false, text: `${probe.stray.length} lines are no messages, such as: ${probe.stray[0]}` };
}

/** As soon as one step fails, the next ones have no meaning. */
async function* askServer(probe: StdioProbe, startsManager: boolean): AsyncGenerator<Finding> {
  const began = performance.now();
  const handshake = await finding('handshake', async () => {
    const clientInfo = { name: 'promptbin-doctor', version };
    await probe.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }, patienceMs);
    probe.notify('notifications/initialized');
    return `answered after ${Math.round(performance.now() - began)} ms`;
  });
  yield handshake;
  if (!handshake.ok) return;
  yield await finding('processes', async () => {
    const call = { name: 'list_processes', arguments: {} };
    const { isError, structuredContent } = (await probe.request('tools/call', call, patienceMs)) as {
      readonly isError?: boolean;
      readonly structuredContent: { readonly summary: string; readonly error?: { readonly message: string } };
    };
    if (isError) throw new Error(structuredContent.error?.message ?? structuredContent.summary);
    return `${structuredContent.summary}${startsManager ? '; started for this check, and stopped when it ends' : ''}`;
  });
  yield await finding('tools', async () => {
    const { tools } = (await probe.request('tools/list', {}, patienceMs)) as { readonly tools: readonly object[] };
    return `${tools.length}, ${(JSON.stringify(tools).length / 1024).toFixed(1)} kB with all schemas`;
  });
}

/** What the settings of clients in the project say of promptbin. */
function* clientFindings(root: string): Generator<Finding> {
  for (const { file, key } of Object.values(mcpClients)) {
    if (file === undefined || !existsSync(join(root, file))) continue;
    yield settingsFinding(file, key, readFileSync(join(root, file), 'utf8'));
  }
}

function settingsFinding(file: string, key: string, text: string): Finding {
  try {
    const servers = Object.values(
      Object((JSON.parse(withoutComments(text)) as Record<string, unknown>)[key]) as Record<string, unknown>,
    );
    const isOurs = servers.some((server) => /promptbin/.test(JSON.stringify(server)));
    const said = isOurs ? 'starts promptbin' : `does not start promptbin; see promptbin mcp --print-config`;
    return { check: file, ok: isOurs, text: said };
  } catch (fault) {
    return { check: file, ok: false, text: `cannot be read: ${messageOf(fault)}` };
  }
}

/** Some clients let their settings have comments, and commas at the end of lists. */
function withoutComments(text: string): string {
  return text
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted: string | undefined) => quoted ?? '')
    .replaceAll(/,(?=\s*[}\]])/g, '');
}

async function finding(check: string, examine: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, text: await examine() };
  } catch (fault) {
    return { check, ok: false, text: messageOf(fault) };
  }
}
