import type { Command } from '@promptbin/core';
import * as z from 'zod';
import { type Changes, listUri } from './changes.ts';
import { draftFields, type Filter, promptId, search } from './prompt.ts';
import type { PromptStore } from './store.ts';
import { headOf, headSchema, listOf, listSchema, pieceOf, pieceSchema } from './views.ts';

const { title, body, category, tags } = draftFields;
const version = z
  .string()
  .optional()
  .describe('The version that you have read: when it is another one by now, nothing is changed.');
const page = {
  tag: z.string().optional().describe('Only those with this tag.'),
  category: z.string().optional().describe('Only those of this category.'),
  limit: z.int().min(1).max(200).default(50),
  offset: z.int().min(0).default(0).describe('From the `nextOffset` of the list before.'),
};

type Add = <I extends z.ZodType, R>(command: Command<I, R>) => void;

/** What people and agents may do with prompts. Nothing here needs the app. */
export function addCommands(add: Add, store: PromptStore, changes: Changes): void {
  const list = async ({ limit, offset, ...filter }: Filter & { readonly limit: number; readonly offset: number }) => {
    const { prompts, skipped } = await store.shelf();
    return listOf(search(prompts, filter), skipped.length, { limit, offset });
  };

  add({
    name: 'prompt.list',
    tool: 'list_prompts',
    summary: 'The saved prompts, the newest first, with the beginning of each text.',
    effect: 'read',
    input: z.strictObject(page),
    output: listSchema,
    resource: { uri: listUri, title: 'Saved prompts' },
    run: list,
  });

  add({
    name: 'prompt.search',
    tool: 'search_prompts',
    summary: 'The saved prompts that hold every word of the query in title, text, category or tags.',
    effect: 'read',
    input: z.strictObject({ query: z.string(), ...page }),
    output: listSchema,
    run: list,
  });

  add({
    name: 'prompt.get',
    tool: 'get_prompt',
    summary: 'One saved prompt. A long text comes in pieces: call again with `nextOffset`.',
    effect: 'read',
    input: z.strictObject({ id: promptId, offset: z.int().min(0).default(0).describe('In characters.') }),
    output: pieceSchema,
    run: async ({ id, offset }) => pieceOf(await store.get(id), offset),
  });

  // Not for agents, whose answers have a limit: clients read a resource for a person, who wants the whole.
  add({
    name: 'prompt.read',
    summary: 'One saved prompt, whole.',
    effect: 'read',
    input: z.strictObject({ id: z.string() }),
    resource: { uri: `${listUri}/{id}`, title: 'A saved prompt', list: 'prompt.list' },
    run: ({ id }) => store.get(id),
  });

  add({
    name: 'prompt.create',
    tool: 'create_prompt',
    summary: 'Saves a new prompt.',
    effect: 'write',
    input: z.strictObject({ title, body, category: category.default(''), tags: tags.default([]) }),
    output: headSchema,
    run: async (draft, { signal }) => {
      const prompt = await store.create(draft, signal);
      changes.wrote(prompt.id, prompt.version, { listChanged: true });
      return headOf(prompt, `Created ${prompt.id}.`);
    },
  });

  add({
    name: 'prompt.update',
    tool: 'update_prompt',
    summary:
      'Changes the fields of a saved prompt that are given. With `version`, only when nobody has changed it since.',
    effect: 'write',
    input: z.strictObject({
      id: promptId,
      version,
      title: title.optional(),
      body: body.optional(),
      category: category.optional(),
      tags: tags.optional(),
    }),
    output: headSchema,
    run: async ({ id, version, ...changed }, { signal }) => {
      const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
      const prompt = await store.update(id, given, version, signal);
      changes.wrote(id, prompt.version, { listChanged: false });
      return headOf(prompt, `Changed ${id}.`);
    },
  });

  add({
    name: 'prompt.delete',
    tool: 'delete_prompt',
    summary: 'Deletes a saved prompt for good. With `version`, only when nobody has changed it since.',
    effect: 'destructive',
    input: z.strictObject({ id: promptId, version }),
    output: z.object({ summary: z.string(), id: promptId }),
    run: async ({ id, version }, { signal }) => {
      await store.delete(id, version, signal);
      changes.wrote(id, undefined, { listChanged: true });
      return { summary: `Deleted ${id}.`, id };
    },
  });
}
