import type { Cause, Evidence, ProcessView } from '@promptbin/core';

/** How operating systems, languages and servers say that an address is taken. */
const taken: readonly RegExp[] = [
  /address (is )?already in use/i,
  /\be?addr(ess)?_?in_?use\b/i,
  /\[errno (48|98|10048)\]/i,
  /connection in use/i,
  /only one usage of each socket address/i,
  /\bport( \S+)? (is|was) (already )?(in use|used|taken|allocated|occupied)/i,
  /\bis port \d+ in use\b/i,
  /already running on port \d+/i,
];

/** A path in place of a port: a socket file, which no other port helps. */
const socketFile = /\bunix:|\.sock\b/i;

/** Where a port stands in such a line. A time of day must not look like one. */
const namedPorts: readonly RegExp[] = [
  /\bport[ :=#]+(\d{1,5})\b/gi,
  // ('127.0.0.1', 5000) and ('::1', 5000, 0, 0)
  /\('[^']*', (\d{1,5})\b/g,
  // 127.0.0.1:5000, localhost:5000, [::1]:5000, ::1:5000, :::5000, *:5000 and http://any.host:5000
  /(?:\d+\.\d+\.\d+\.\d+|localhost|\]|::1|::|\*|\/\/[^\s/:]+):(\d{1,5})\b(?!:\d)/gi,
  // listen tcp :5000
  /(?:^|[\s"'`(]):(\d{1,5})\b(?!:\d)/g,
];

/**
 * Recognises in the output of a process that its port was taken when it came to bind it. Only before it was ready, and not
 * when the text speaks of other ports alone, such as a debugger's. Pure.
 */
export function recognizePortInUse({ port, generation }: ProcessView, { exit, lines }: Evidence): Cause | undefined {
  if (port === undefined || exit === undefined || exit.wasReady || exit.code === 0) return undefined;
  const told = lines.flatMap((line) => (line.generation === generation && speaksOfPort(line.text) ? [line.text] : []));
  if (told.length === 0) return undefined;
  const named = told.flatMap(portsIn);
  if (named.length > 0 && !named.includes(port)) return undefined;
  return { code: 'portInUse', message: `port ${port} is already in use`, evidence: told.slice(-8) };
}

function speaksOfPort(text: string): boolean {
  return taken.some((pattern) => pattern.test(text)) && !socketFile.test(text);
}

function portsIn(text: string): readonly number[] {
  return namedPorts.flatMap((pattern) => [...text.matchAll(pattern)].map(([, digits]) => Number(digits)));
}
