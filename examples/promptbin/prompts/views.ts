// How agents see prompts: in pieces. What is over 40 kB would be cut, and who writes back what was cut has lost the rest.

import * as z from 'zod';
import { type Prompt, promptId } from './prompt.ts';
import { inOneLine } from './text.ts';

const pieceBytes = 30_000;
const excerptLength = 200;

const head = {
  id: promptId,
  title: z.string(),
  category: z.string(),
  tags: z.array(z.string()),
  created: z.string(),
  updated: z.string(),
  version: z.string(),
};
const nextOffset = z.int().optional();

/** All but the text. */
export const headSchema = z.object({ summary: z.string(), ...head });

export const pieceSchema = z.object({
  ...head,
  summary: z.string(),
  body: z.string(),
  characters: z.int().describe('Of the whole text.'),
  nextOffset: nextOffset.describe('Where the rest of the text begins; absent when this is the end of it.'),
});

export const listSchema = z.object({
  summary: z.string(),
  prompts: z.array(z.object({ ...head, excerpt: z.string() })),
  total: z.int().describe('How many there are, listed here or not.'),
  skipped: z.int().describe('Files of the folder that cannot be read as prompts.'),
  nextOffset: nextOffset.describe('Where the list goes on; absent when this is the end of it.'),
});

export function headOf({ body: _, ...head }: Prompt, summary: string): z.output<typeof headSchema> {
  return { summary, ...head, tags: [...head.tags] };
}

/** As much of the text as goes into one answer. `offset` counts characters. */
export function pieceOf(prompt: Prompt, offset = 0): z.output<typeof pieceSchema> {
  const characters = Array.from(prompt.body);
  const end = offset + countWithin(characters.slice(offset));
  const isPart = offset > 0 || end < characters.length;
  const part = isPart ? `, characters ${offset} to ${end} of ${characters.length}` : '';
  return {
    ...headOf(prompt, `${prompt.title}${part}`),
    body: characters.slice(offset, end).join(''),
    characters: characters.length,
    ...(end < characters.length ? { nextOffset: end } : {}),
  };
}

/** As many of the prompts as were asked for, and go into one answer. */
export function listOf(
  found: readonly Prompt[],
  skipped: number,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): z.output<typeof listSchema> {
  const items = found.slice(offset, offset + limit).map(({ body, ...head }) => {
    const text = Array.from(inOneLine(body));
    const excerpt = text.length > excerptLength ? `${text.slice(0, excerptLength - 1).join('')}…` : text.join('');
    return { ...head, tags: [...head.tags], excerpt };
  });
  const prompts = items.slice(0, countWithin(items));
  const end = offset + prompts.length;
  const unread = skipped > 0 ? `; ${skipped} files cannot be read` : '';
  return {
    summary: `${prompts.length} of ${found.length} prompts${unread}.`,
    prompts,
    total: found.length,
    skipped,
    ...(end < found.length ? { nextOffset: end } : {}),
  };
}

/** How many go into one answer, by their bytes as JSON; one at least. */
function countWithin(items: readonly unknown[]): number {
  let bytes = 0;
  const over = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return index > 0 && bytes > pieceBytes;
  });
  return over === -1 ? items.length : over;
}
