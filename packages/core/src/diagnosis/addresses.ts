/** Where a port stands in a line. A time of day must not look like one. */
const namedPorts: readonly RegExp[] = [
  /\bport[ :=#]+(\d{1,5})\b/gi,
  // ('127.0.0.1', 5000) and ('::1', 5000, 0, 0)
  /\('[^']*', (\d{1,5})\b/g,
  // 127.0.0.1:5000, localhost:5000, [::1]:5000, ::1:5000, :::5000, *:5000 and http://any.host:5000
  /(?:\d+\.\d+\.\d+\.\d+|localhost|\]|::1|::|\*|\/\/[^\s/:]+):(\d{1,5})\b(?!:\d)/gi,
  // listen tcp :5000
  /(?:^|[\s"'`(]):(\d{1,5})\b(?!:\d)/g,
];

/** The ports that a line names. */
export function portsIn(text: string): readonly number[] {
  return namedPorts.flatMap((pattern) => [...text.matchAll(pattern)].map(([, digits]) => Number(digits)));
}
