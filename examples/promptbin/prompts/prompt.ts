// What a prompt is: its fields, their limits, its id, and how to search. No files, no commands. As web/prompt.py has it.

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { caseFold, inOneLine, lengthOf, wordsOf } from './text.ts';

const bodyMax = 100_000;
const titleMax = 200;
const categoryMax = 60;
const tagMax = 40;
const tagsMax = 20;

// The id is also the name of the file: no dots, no slashes, nothing a file system or a URL gives a meaning to.
const idPattern = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

const text = z
  .string()
  .refine((value) => value.isWellFormed(), 'It holds characters that are not valid Unicode.')
  .refine((value) => lengthOf(value) <= bodyMax, `It is longer than ${bodyMax} characters.`);

/** Text in one line, whatever gaps it came with. */
function line(longest: number): z.ZodString {
  return text
    .overwrite(inOneLine)
    .refine((value) => lengthOf(value) <= longest, `It is longer than ${longest} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'It holds control characters.');
}

const tag = line(tagMax).refine((value) => !value.includes(','), 'A tag cannot hold a comma.');

/** The fields that people and agents write. What fits them is cleaned up, too. */
export const draftFields = {
  title: line(titleMax)
    .refine((value) => value !== '', 'A title is required.')
    .describe(`One line, at most ${titleMax} characters.`),
  body: text
    // Forms send CRLF whatever the person typed on; one convention keeps search and copies the same everywhere.
    .overwrite((value) => value.replace(/\r\n?/g, '\n'))
    .refine((value) => inOneLine(value) !== '', 'The text is required.')
    .describe(`The text of the prompt, at most ${bodyMax} characters.`),
  category: line(categoryMax).describe(`One line, at most ${categoryMax} characters.`),
  tags: z
    .array(tag)
    .overwrite(unlike)
    .refine((tags) => tags.length <= tagsMax, `At most ${tagsMax} tags are kept for a prompt.`)
    .describe(`At most ${tagsMax}, of ${tagMax} characters each, without commas.`),
};

export const promptId: z.ZodString = z.string().regex(idPattern, 'It is no id of a prompt; list_prompts tells them.');

export interface Draft {
  readonly title: string;
  readonly body: string;
  readonly category: string;
  readonly tags: readonly string[];
}

/** A saved prompt. */
export interface Prompt extends Draft {
  readonly id: string;
  /** ISO 8601, with a zone. */
  readonly created: string;
  readonly updated: string;
  /** A fingerprint of its file, so an edit by any program changes it. */
  readonly version: string;
}

export interface Filter {
  readonly query?: string | undefined;
  readonly tag?: string | undefined;
  readonly category?: string | undefined;
}

export function isPromptId(name: string): boolean {
  return idPattern.test(name);
}

/** A readable id that nobody has to check for being taken: a slug and 32 random bits. */
export function newId(title: string): string {
  const ascii = Array.from(title.normalize('NFKD'), (character) => (character < '\u0080' ? character : '')).join('');
  const slug = ascii
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return `${slug || 'prompt'}-${randomBytes(4).toString('hex')}`;
}

/** Those that hold every word of the query somewhere and carry the tag and the category exactly. */
export function search<T extends Draft>(prompts: readonly T[], { query = '', tag = '', category = '' }: Filter): T[] {
  const words = wordsOf(caseFold(query));
  const isLike = (own: string, wanted: string): boolean => caseFold(own) === caseFold(wanted);
  return prompts.filter((prompt) => {
    if (tag !== '' && !prompt.tags.some((own) => isLike(own, tag))) return false;
    if (category !== '' && !isLike(prompt.category, category)) return false;
    const held = caseFold([prompt.title, prompt.body, prompt.category, ...prompt.tags].join('\n'));
    return words.every((word) => held.includes(word));
  });
}

/** Of those that differ in case only, the first. */
function unlike(tags: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const one of tags) if (one !== '' && !found.has(caseFold(one))) found.set(caseFold(one), one);
  return [...found.values()];
}
