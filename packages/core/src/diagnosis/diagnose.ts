import type { Cause, OutputLine } from '../contract/process.ts';
import { evidenceOfLines, evidenceOfTrace } from './evidence.ts';
import { rules as allRules } from './rules/all.ts';
import { crashes } from './rules/crashes.ts';
import { type Found, placed, placeOf, type Rule, type Subject } from './rules/rule.ts';
import { isBelow, readStatements, type Statement } from './statements.ts';
import type { Trace } from './traces/trace.ts';

/** How it has ended: as wait(2) tells, with a shell's 128+n read as the signal. Without both it has not ended. */
export interface End {
  readonly code?: number | null;
  readonly signal?: string | undefined;
}

/** How many of the last statements are looked at: what was said long before an end was survived. */
const recentStatements = 20;
/** How far before an exception a line may stand that belongs to it. */
const preamble = 3;
const longestMessage = 300;

/** Signals by which a program ends itself; others come from outside, whatever it has written. */
const crashSignals: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

/**
 * Why a process is down, from what it has written: what of all that is known fits first. Undefined when nothing does, when it
 * has ended well, and when it was ended from outside. Pure; the time it takes grows with the number of lines and not with their
 * length.
 *
 * @param lines the newest of this incarnation, in the order in which they came
 */
export function diagnose(lines: readonly OutputLine[], { code, signal }: End, process: Subject): Cause | undefined {
  if (signal !== undefined) {
    return crashSignals.has(signal) ? judge(readStatements(lines), crashes, { code, process }) : undefined;
  }
  if (code === 0) return undefined;
  const statements = readStatements(lines).slice(-recentStatements);
  const trace = statements.findLast((statement) => statement.trace !== undefined);
  const asked = { code, process };
  const from = trace === undefined ? 0 : statements.indexOf(trace) - preamble;
  const near = statements.filter((one, index) => one === trace || (one.trace === undefined && index >= from));
  return judge(near, allRules, asked) ?? (trace && exception(trace, process));
}

interface Asked {
  readonly code?: number | null | undefined;
  readonly process: Subject;
}

// An exception says more than the lines around it.
function judge(statements: readonly Statement[], rules: readonly Rule[], asked: Asked): Cause | undefined {
  const fitting = rules.filter(({ exits }) => exits === undefined || exits.includes(asked.code ?? 0));
  const traced = statements.findLast(({ trace }) => trace !== undefined);
  return (traced && judgeTrace(traced, fitting, asked)) ?? judgeLines(statements, fitting, asked);
}

function judgeTrace(statement: Statement, rules: readonly Rule[], { process }: Asked): Cause | undefined {
  const { trace } = statement;
  if (trace === undefined) return undefined;
  const parts = [trace, ...trace.origins];
  for (const rule of rules) {
    for (const part of parts) {
      const found = find(rule, spoken(part), process, part);
      if (found !== undefined) return causeOf(rule, found, evidenceOfTrace(statement, trace));
    }
  }
  return undefined;
}

function judgeLines(statements: readonly Statement[], rules: readonly Rule[], { process }: Asked): Cause | undefined {
  const said = statements.filter((statement) => statement.trace === undefined);
  const ofLines = rules.filter(({ traced }) => traced === undefined);
  for (const rule of ofLines) {
    const lines = said.filter((statement) => !isBelow(statement, rule.least ?? 'error'));
    const found = lines.map(({ text }) => find(rule, text, process)).find((one) => one !== undefined);
    if (found === undefined) continue;
    const alike = ofLines.filter(({ code }) => code === rule.code);
    const told = lines.filter(({ text }) => alike.some((other) => find(other, text, process) !== undefined));
    const traced = statements.findLast(({ trace }) => trace !== undefined);
    const traceLines = traced?.trace === undefined ? [] : evidenceOfTrace(traced, traced.trace);
    return causeOf(rule, found, [...new Set([...evidenceOfLines(told), ...traceLines])]);
  }
  return undefined;
}

function find(rule: Rule, text: string, process: Subject, trace?: Trace): Found | undefined {
  if (rule.traced !== undefined && (trace === undefined || !rule.traced(trace))) return undefined;
  const match = rule.pattern.exec(text);
  if (match === null) return undefined;
  const names = match.slice(1).filter((name) => name !== undefined && name !== '');
  const found: Found = { text, names, process, ...(trace === undefined ? {} : { trace }) };
  return rule.fits?.(found) === false ? undefined : found;
}

function exception(statement: Statement, process: Subject): Cause | undefined {
  const { trace } = statement;
  if (trace === undefined) return undefined;
  const found: Found = { text: spoken(trace), names: [], process, trace };
  return causeOf({ code: 'exception', hint: lookAt }, found, evidenceOfTrace(statement, trace));
}

function lookAt({ trace, process }: Found): string | undefined {
  const place = trace && placeOf(trace, process);
  return place === undefined ? undefined : `Look at ${place}.`;
}

function causeOf(
  rule: Pick<Rule, 'code' | 'message' | 'hint' | 'port'>,
  found: Found,
  evidence: readonly string[],
): Cause {
  const message = rule.message?.(found) ?? placed(found, unlabelled(found.text));
  const hint = rule.hint?.(found);
  const port = rule.port?.(found);
  return Object.freeze({
    code: rule.code,
    message: message.slice(0, longestMessage),
    evidence: Object.freeze(evidence.slice(0, 8)),
    ...(hint === undefined ? {} : { hint: hint.slice(0, longestMessage) }),
    ...(port === undefined ? {} : { port }),
  });
}

/** What an exception says, without what is said of all of them. */
function spoken({ headline }: Trace): string {
  return headline.replace(/^(?:Exception in thread "[^"]*" |Uncaught )/, '');
}

/** A line without the time and the level that a logger has put before it. */
function unlabelled(text: string): string {
  const labels = /^(?:\[[^\]]*\]|\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+\S*|(?:ERROR|FATAL|CRITICAL)(?: |:))\s*/;
  let rest = text.trim();
  for (let label = labels.exec(rest); label !== null && label[0].length < rest.length; label = labels.exec(rest)) {
    rest = rest.slice(label[0].length);
  }
  return rest;
}
