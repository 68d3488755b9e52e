import { posix } from 'node:path';
import type { Json } from '@promptbin/core';
import type { Candidate, Suggestion } from './candidate.ts';
import type { Named } from './naming.ts';

/** A key of the config, and why its value is what it is. */
export interface Field {
  readonly key: string;
  readonly value: Json;
  readonly why?: string;
}

export interface ProcessDraft {
  readonly name: string;
  /** Lines to stand above it. */
  readonly comments: readonly string[];
  readonly fields: readonly Field[];
}

/** A config before it is written in one of the formats. */
export interface Draft {
  readonly comments: readonly string[];
  readonly plugins: readonly { readonly name: 'health' | 'restart' | 'fswatch'; readonly why: string }[];
  readonly processes: readonly ProcessDraft[];
  /** Lines to stand below the processes. */
  readonly suggestions: readonly string[];
}

type Watch = NonNullable<Candidate['watch']>;

const opening = ['Written by promptbin init from what it found here; it is yours to change.'];

/** What to write for what was found. */
export function draftConfig(processes: readonly Named[], offered: readonly Suggestion[]): Draft {
  const suggestions = offered.flatMap(suggest).map(oneLine);
  if (processes.length === 0) return { ...example, suggestions };
  const folders = processes.map(({ folder }) => folder).filter((folder) => folder !== '.');
  return {
    comments: opening,
    plugins: [
      ...(processes.some(({ health }) => health !== undefined)
        ? [{ name: 'health', why: 'asks over HTTP whether a process is ready and well' } as const]
        : []),
      { name: 'restart', why: 'starts again what crashes, at most 5 times in a minute' },
      ...(processes.some(({ watch }) => watch !== undefined)
        ? [{ name: 'fswatch', why: 'restarts what does not reload by itself' } as const]
        : []),
    ],
    processes: processes.map((process) => ({
      name: process.name,
      comments: [`${process.kind}: ${process.because}.`, ...process.notes].map(oneLine),
      fields: fieldsOf(process, folders).map(({ why, ...field }) =>
        why === undefined ? field : { ...field, why: oneLine(why) },
      ),
    })),
    suggestions,
  };
}

/** What is written where nothing was recognised. */
const example: Omit<Draft, 'suggestions'> = {
  comments: [...opening, 'Nothing was recognised, so this is an example.'],
  plugins: [{ name: 'restart', why: 'starts again what crashes, at most 5 times in a minute' }],
  processes: [
    {
      name: 'example',
      comments: [
        'Put your own program in its place. Other keys: cwd, env, envFile, port (the program gets it as PORT, and in',
        'place of {port} in its command), dependsOn, ready, stop.',
      ],
      fields: [
        { key: 'command', value: 'while true; do date; sleep 5; done' },
        { key: 'shell', value: true, why: 'only where the command needs one' },
      ],
    },
  ],
};

function fieldsOf(process: Named, folders: readonly string[]): readonly Field[] {
  const { folder, env, envFile, port, health, watch, patience, dependsOn } = process;
  const states = Object.values(dependsOn);
  return [
    { key: 'command', value: process.command, ...(process.commandWhy !== undefined && { why: process.commandWhy }) },
    ...(process.shell ? [{ key: 'shell', value: true, why: 'the command is written for one' }] : []),
    ...(folder === '.' ? [] : [{ key: 'cwd', value: folder }]),
    ...(process.job ? [{ key: 'kind', value: 'job', why: 'runs to its end' }] : []),
    ...(env === undefined ? [] : [{ key: 'env', value: env.variables, why: env.why }]),
    ...(envFile === undefined ? [] : [{ key: 'envFile', value: envFile.file, why: envFile.why }]),
    ...(port === undefined
      ? []
      : port.fixed
        ? [{ key: 'port', value: { preferred: port.number, strict: true }, why: port.why }]
        : [{ key: 'port', value: port.number, why: `${port.why}; the next free one when it is taken` }]),
    ...(states.length === 0
      ? []
      : [{ key: 'dependsOn', value: states.every((state) => state === 'ready') ? Object.keys(dependsOn) : dependsOn }]),
    ...(patience === undefined ? [] : [{ key: 'ready', value: { timeout: patience.timeout }, why: patience.why }]),
    ...(health === undefined ? [] : [{ key: 'health', value: health.path, why: health.why }]),
    ...(watch === undefined ? [] : [{ key: 'fswatch', value: watched(folder, watch, folders), why: watch.why }]),
  ];
}

/** What another process owns does not concern this one. */
function watched(folder: string, { include, ignore = [] }: Watch, folders: readonly string[]): Json {
  const others = folders.filter((other) => folder === '.' || other.startsWith(`${folder}/`));
  const foreign = [...ignore, ...new Set(others.map((other) => `${posix.relative(folder, other)}/**`))];
  return { ...(folder !== '.' && { paths: [folder] }), include, ...(foreign.length > 0 && { ignore: foreign }) };
}

function suggest({ name, file, because }: Suggestion): readonly string[] {
  return [
    `Not taken: ${name} of ${file} ${because}. To run it by Docker:`,
    `${name}: { command: 'docker compose up --no-deps ${name}', stop: { grace: '15s' } }`,
  ];
}

/** Names and scripts come from files of the project: they must not end a comment or reach the terminal's controls. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const line = text.replaceAll(/[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
