import {
  type CommandSpec,
  configSpec,
  eventsSpec,
  expandUri,
  getSpec,
  type ListResult,
  type LogsResult,
  listSpec,
  logsSpec,
} from '@promptbin/core/views';
import * as z from 'zod';
import { briefList } from './brief.ts';
import { flaskStatus } from './flask-status.ts';
import { plain } from './plain.ts';
import { type ReadingCommand, type Resource, resourceOf } from './resources.ts';

export const processesUri: string = listSpec.resource.uri;
export const eventsUri = 'promptbin://events';
export const flaskStatusUri = 'promptbin://flask-status';
const logsTemplate = `${getSpec.resource.uri}/logs`;

export function processUri(name: string): string {
  return expandUri(getSpec.resource.uri, { name });
}

export function configUri(name: string): string {
  return expandUri(configSpec.resource.uri, { name });
}

export function logsUri(name: string): string {
  return expandUri(logsTemplate, { name });
}

/** The resources that there are with or without a manager. */
export function coreResources(flaskProcess: string | undefined): readonly Resource[] {
  const processes = resourceOf(shownAs(listSpec), (value) => briefList(plain(value) as ListResult));
  const { list } = getSpec.resource;
  const logs = shownAs({ ...logsSpec, resource: { uri: logsTemplate, mimeType: 'text/plain', ...(list && { list }) } });
  return [
    processes,
    {
      ...processes,
      name: 'flask-status',
      uri: flaskStatusUri,
      description: 'The web app: port and pid, null while it is down, and how often it was restarted.',
      text: (value) => JSON.stringify(flaskStatus(value as ListResult, flaskProcess)),
    },
    {
      ...resourceOf(shownAs({ ...eventsSpec, resource: { uri: eventsUri } }), plain),
      description: 'What has happened lately, in sentences.',
    },
    resourceOf(shownAs(getSpec), plain),
    {
      ...resourceOf(logs),
      description: 'The newest output of a process, as text.',
      text: (value) => (plain(value) as LogsResult).lines.map(({ text }) => `${text}\n`).join(''),
    },
    resourceOf(shownAs(configSpec)),
  ];
}

function shownAs(spec: CommandSpec & Pick<ReadingCommand, 'resource'>): ReadingCommand {
  return { ...spec, input: z.toJSONSchema(spec.input, { io: 'input' }) };
}
