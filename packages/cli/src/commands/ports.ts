import { describeListening, type Listening, type ProcessView } from '@promptbin/core/words';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { renderTable } from '../render/table.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { processesWithSettings, type Settings } from './settings.ts';

interface Port {
  readonly name: string;
  /** Where it listens, or is to. Absent while it is down. */
  readonly port?: number;
  readonly pid?: number;
  /** What its config asks for. */
  readonly preferred?: number | 'auto';
  /** What this run of it was told. */
  readonly told?: number;
  readonly deviation?: Listening['deviation'];
  /** The deviation in words. */
  readonly note?: string;
}

/** Shows who has which port. */
export async function ports(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const processes = await processesWithSettings(await connectToProject(invocation));
  const all = processes
    .map(([view, settings]) => portOf(view, settings))
    .filter(({ port, preferred }) => (port ?? preferred) !== undefined);
  if (json) {
    out.json({ version: 1, ok: true, ports: all });
    return exitCodes.done;
  }
  const { palette, columns } = out;
  const rows = all.map(({ name, port = '-', pid = '-', preferred = '-', told = '-', note = '' }) =>
    [palette.bold(port), name, pid, preferred, told, palette.yellow(note)].map(String),
  );
  for (const line of renderTable([['PORT', 'PROCESS', 'PID', 'ASKED', 'TOLD', 'NOTE'], ...rows], columns)) {
    out.line(line);
  }
  return exitCodes.done;
}

function portOf({ name, port, pid, listening }: ProcessView, settings: Settings): Port {
  const told = listening?.told.port ?? port;
  return {
    name,
    ...(port !== undefined && { port }),
    ...(pid !== undefined && { pid }),
    ...(settings.port !== undefined && { preferred: settings.port.preferred || 'auto' }),
    ...(told !== undefined && { told }),
    ...(listening !== undefined && { deviation: listening.deviation, note: describeListening(listening) }),
  };
}
