import { readdir } from 'node:fs/promises';
import { release, totalmem } from 'node:os';
import { join } from 'node:path';
import {
  type ConfigInspection,
  type ExplainResult,
  type GetResult,
  inspectConfig,
  type ListResult,
} from '@promptbin/core';
import { ask } from '../commands/call.ts';
import { inspectProject, projectRoot } from '../commands/connection.ts';
import type { Invocation } from '../commands/invocation.ts';
import { lastLines } from '../commands/log-tail.ts';
import { hasJournal, journalOf, readPast } from '../commands/past.ts';
import { connectIfUp } from '../control/background.ts';
import type { ManagerConnection } from '../control/client.ts';
import { projectFiles } from '../control/project.ts';
import { examine } from '../doctor/examine.ts';
import { forPrograms } from '../doctor/finding.ts';
import { publicError } from '../fault.ts';
import { version } from '../version.ts';

/** How much of what has happened goes into a report. */
const mostEvents = 2000;
const mostLines = 200;

/**
 * Everything that tells how a project is and how that came: for whoever looks into it elsewhere. Without secrets: what the manager tells, logs and
 * journal have none, and those of the config are hidden in all else.
 */
export async function collect(invocation: Invocation): Promise<object> {
  const root = projectRoot(invocation);
  const inspected = await inspectProject(invocation).then(
    ({ inspection }) => ({ inspection, config: inspection.config as object }),
    async (cause: unknown) => ({ inspection: await withoutConfig(root), config: { error: publicError(cause) } }),
  );
  const findings: object[] = [];
  for await (const finding of examine(invocation)) findings.push(forPrograms(finding));
  const connection = await connectIfUp(root).catch(() => undefined);
  try {
    return inspected.inspection.redact({
      version: 1,
      at: new Date().toISOString(),
      promptbin: version,
      node: process.versions.node,
      system: { platform: process.platform, release: release(), arch: process.arch, memoryBytes: totalmem() },
      findings,
      config: inspected.config,
      ...(connection === undefined ? await ofThePast(root) : await ofTheManager(connection)),
      events: await newestEvents(root),
    });
  } finally {
    connection?.close();
  }
}

/** Knows the secrets of this environment. */
function withoutConfig(root: string): Promise<ConfigInspection> {
  return inspectConfig({
    config: { processes: {} },
    root,
    file: root,
    files: [],
    source: { layers: [], written: () => [], originOf: () => undefined },
  });
}

async function ofTheManager(connection: ManagerConnection): Promise<object> {
  const { manager } = await connection.status();
  const { processes } = await ask<ListResult>(connection, 'process.list');
  const all = await Promise.all(
    processes.map(async ({ name, ready, phase }) => {
      const facts = await ask<GetResult>(connection, 'process.get', { name });
      const isUp = ready || phase === 'completed';
      const why = isUp ? undefined : await ask<ExplainResult>(connection, 'process.explain', { name });
      const lines: object[] = [];
      for await (const line of connection.lines(name, { tail: mostLines })) lines.push(line);
      return { ...facts, ...(why !== undefined && { why }), lines };
    }),
  );
  return { manager, processes: all };
}

/** As the journal and the files of the logs have it. */
async function ofThePast(root: string): Promise<object> {
  const { logs } = projectFiles(root);
  const files = (await readdir(logs).catch(() => [])).filter((file) => file.endsWith('.log'));
  const written = await Promise.all(
    files.map(async (file) => [file, (await lastLines(join(logs, file))).slice(-mostLines)] as const),
  );
  const past = (await hasJournal(root)) ? await readPast(root, Date.now()) : undefined;
  return {
    ...(past !== undefined && { past: { state: past.manager, ...past.snapshot } }),
    logs: Object.fromEntries(written),
  };
}

async function newestEvents(root: string): Promise<readonly object[]> {
  const events: object[] = [];
  for await (const event of journalOf(root)) {
    events.push(event);
    // Not at each one: it is copied.
    if (events.length >= 2 * mostEvents) events.splice(0, mostEvents);
  }
  return events.slice(-mostEvents);
}
