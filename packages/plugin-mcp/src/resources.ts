import {
  type CommandInfo,
  type CommandResult,
  expandUri,
  inputFromText,
  matchUri,
  uriVariables,
} from '@promptbin/core/views';
import { plain, uncut } from './plain.ts';

const json = 'application/json';

/** What a command reads, as a resource. */
export interface Resource {
  readonly name: string;
  /** With variables it is a template. */
  readonly uri: string;
  readonly title?: string;
  readonly description: string;
  readonly mimeType: string;
  readonly command: string;
  /** JSON Schema of what the command takes. */
  readonly input: CommandInfo['input'];
  /** The command that lists the members of a template. */
  readonly list?: string;
  text(value: unknown): string;
}

/** One of those that a template stands for. */
export interface Member {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  /** By the names of the variables. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a resource is made of: a command with `resource`. */
export type ReadingCommand = Pick<CommandInfo, 'name' | 'summary' | 'input'> & {
  readonly resource: NonNullable<CommandInfo['resource']>;
};

/** The resources that plugins have added. */
export function pluginResources(commands: readonly CommandInfo[]): readonly Resource[] {
  return commands.flatMap(({ resource, ...info }) => (resource === undefined ? [] : resourceOf({ ...info, resource })));
}

/** @param tidy what is done to a value before it is shown */
export function resourceOf(
  { name, summary, input, resource: { mimeType = json, ...rest } }: ReadingCommand,
  tidy: (value: unknown) => unknown = uncut,
): Resource {
  const text = (value: unknown): string => {
    const tidied = tidy(value);
    return typeof tidied === 'string' && mimeType !== json ? tidied : JSON.stringify(tidied ?? null);
  };
  return { ...rest, name, description: plain(summary), mimeType, command: name, input, text };
}

export function isTemplate({ uri }: Resource): boolean {
  return uriVariables(uri).length > 0;
}

export interface FoundResource {
  readonly resource: Resource;
  /** What its command is to be given. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Which resource a URI is of. */
export function findResource(resources: readonly Resource[], uri: string): FoundResource | undefined {
  // What is named in full is meant, whatever template would take it as well.
  for (const resource of [...resources].sort((one, other) => Number(isTemplate(one)) - Number(isTemplate(other)))) {
    const variables = matchUri(resource.uri, uri);
    if (variables !== undefined) return { resource, input: inputFromText(resource.input, variables) };
  }
  return undefined;
}

/** What a client is told of a resource or a template. */
export function describeResource({ name, title, description, mimeType }: Resource): Description {
  return { name, ...(title === undefined ? {} : { title }), description, mimeType };
}

type Description = Pick<Resource, 'name' | 'title' | 'description' | 'mimeType'>;

/** All resources, with the members in the place of their templates. */
export async function listResources(
  resources: readonly Resource[],
  ask: (command: string) => Promise<CommandResult>,
): Promise<(Description & { readonly uri: string })[]> {
  const templates = resources.filter(isTemplate);
  const members = await Promise.all(
    templates.map(async (template) => {
      const { description, mimeType } = template;
      const found = await membersOf(template, ask);
      return found.map(({ values: _, ...member }) => ({ ...member, description, mimeType }));
    }),
  );
  const others = resources.filter((resource) => !isTemplate(resource));
  return [...others.map((resource) => ({ ...describeResource(resource), uri: resource.uri })), ...members.flat()];
}

/** The members of a template; none when they cannot be listed. */
export async function membersOf(
  { uri, list }: Resource,
  ask: (command: string) => Promise<CommandResult>,
): Promise<readonly Member[]> {
  const result = list === undefined ? undefined : await ask(list);
  return result?.ok ? itemsOf(result.value).flatMap((item) => memberOf(uri, item)) : [];
}

function itemsOf(value: unknown): readonly unknown[] {
  return [value, ...Object.values(Object(value))].find((candidate) => Array.isArray(candidate)) ?? [];
}

function memberOf(template: string, item: unknown): readonly Member[] {
  const variables = uriVariables(template);
  const fields = (isScalar(item) ? { [variables[0] ?? '']: item } : Object(item)) as Readonly<Record<string, unknown>>;
  const given = variables.map((variable) => fields[variable]);
  if (!given.every(isScalar)) return [];
  const values = Object.fromEntries(variables.map((variable, index) => [variable, String(given[index])]));
  const title = typeof fields.title === 'string' ? { title: plain(fields.title) } : {};
  // Where the template begins to vary, which tells a process from its logs.
  const name = template.slice(template.indexOf('{')).replaceAll(/\{(\w+)\}/g, (_, variable) => values[variable] ?? '');
  return [{ uri: expandUri(template, values), name: plain(name), ...title, values }];
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
