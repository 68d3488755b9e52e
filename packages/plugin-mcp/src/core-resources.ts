import { type CommandSpec, expandUri, getSpec, type ListResult, listSpec } from '@promptbin/core/views';
import * as z from 'zod';
import { flaskStatus } from './flask-status.ts';
import { plain } from './plain.ts';
import { type ReadingCommand, type Resource, resourceOf } from './resources.ts';

export const processesUri: string = listSpec.resource.uri;
export const flaskStatusUri = 'promptbin://flask-status';

export function processUri(name: string): string {
  return expandUri(getSpec.resource.uri, { name });
}

/** The resources that there are with or without a manager. */
export function coreResources(flaskProcess: string | undefined): readonly Resource[] {
  const processes = resourceOf(shownAs(listSpec), plain);
  return [
    processes,
    {
      ...processes,
      name: 'flask-status',
      uri: flaskStatusUri,
      description: 'The web app: port and pid, null while it is down, and how often it was restarted.',
      text: (value) => JSON.stringify(flaskStatus(value as ListResult, flaskProcess)),
    },
    resourceOf(shownAs(getSpec), plain),
  ];
}

function shownAs(spec: CommandSpec & Pick<ReadingCommand, 'resource'>): ReadingCommand {
  return { ...spec, input: z.toJSONSchema(spec.input, { io: 'input' }) };
}
