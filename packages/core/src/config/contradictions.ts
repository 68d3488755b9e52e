import type { ResolvedPort } from '../contract/config.ts';
import type { Report } from './issues.ts';
import type { ParsedProcess } from './process-schema.ts';

/** Keys that are right by themselves, and do not go together. */
export function checkContradictions(
  name: string,
  process: ParsedProcess,
  port: ResolvedPort | undefined,
  report: Report,
): void {
  const contradict = (path: string, is: string, butWhy: string, hint: string): void =>
    report(['processes', name, ...path.split('.')], `processes.${name}.${path} is ${is}, but ${butWhy}.`, { hint });
  const { ready, logs, tty } = process;
  if (ready.port === true && port === undefined) {
    const hint = `Set processes.${name}.port, or take "ready.port" out.`;
    contradict('ready.port', 'true', 'the process has no port', hint);
  }
  if (logs.mode === 'direct' && logs.format === 'json') {
    const hint = 'Take "format" out, or set "mode" to "pipe".';
    contradict('logs.format', '"json"', 'nobody makes records of what a process writes by itself', hint);
  }
  if (logs.mode === 'direct' && tty) {
    contradict('logs.mode', '"direct"', 'what writes to a terminal writes to no file', 'Take "mode" out, or "tty".');
  }
  const noHandoff = port?.handoff === true ? whyNoHandoff(process) : undefined;
  if (noHandoff !== undefined) contradict('port.handoff', 'true', noHandoff, 'Take "handoff" out.');
  if (port?.overlap === true && !port.handoff) {
    contradict(
      'port.overlap',
      'true',
      'two runs can have one port only by a socket that both are handed',
      'Set "handoff" to true.',
    );
  }
  const noKeep = process.onManagerDeath === 'keep' ? whyNotKept(process) : undefined;
  if (noKeep !== undefined) contradict('onManagerDeath', '"keep"', noKeep.why, noKeep.hint);
}

function whyNoHandoff({ tty }: ParsedProcess): string | undefined {
  if (process.platform === 'win32') return 'Windows hands no sockets over';
  return tty ? 'what runs in a terminal gets no other descriptor' : undefined;
}

/** What holds it by a pipe, or a terminal, would end it with the manager. */
function whyNotKept({ kind, tty, stdin, logs }: ParsedProcess): { why: string; hint: string } | undefined {
  const hint = 'Take "onManagerDeath" out.';
  if (process.platform !== 'linux') return { why: 'only Linux tells the next manager what was left running', hint };
  if (kind === 'job') return { why: 'nobody would learn how the job has ended', hint };
  if (tty) return { why: 'its terminal ends with the manager', hint: 'Take "tty" out.' };
  if (stdin === 'pipe') return { why: 'the pipe that is its stdin ends with the manager', hint: 'Take "stdin" out.' };
  if (logs.mode === 'direct') return undefined;
  return { why: 'the pipes that it writes its log to end with the manager', hint: 'Set "logs.mode" to "direct".' };
}
