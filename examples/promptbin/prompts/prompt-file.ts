// One prompt as one JSON file: how it is spelled, and read with distrust. Byte for byte as web/prompt_file.py has it.

import { createHash } from 'node:crypto';
import { constants, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { type Draft, draftFields, isPromptId, type Prompt } from './prompt.ts';

/** Far above what a prompt may hold; a bigger file is not one of ours, and is not worth reading into memory. */
const maxBytes = 1024 * 1024;

const time = z.iso.datetime({ offset: true });
const { title, body, category, tags } = draftFields;
const record = z.object({
  title,
  body,
  category: category.default(''),
  tags: tags.default([]),
  created: time,
  updated: time,
});

export function encode({ title, body, category, tags }: Draft, created: string, updated: string): string {
  return `${JSON.stringify({ title, body, category, tags, created, updated }, null, 2)}\n`;
}

/** @throws Error for anything that `encode` would not have written */
export function decode(id: string, content: Uint8Array): Prompt {
  if (!isPromptId(id)) throw new Error('its name is not the id of a prompt');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  const version = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { id, ...record.parse(JSON.parse(text)), version };
}

/** @throws Error of the file system, or when it is no regular file of a prompt's size */
export async function read(file: string): Promise<Uint8Array> {
  // Non-blocking: opening a FIFO that somebody put here would otherwise hang.
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const status = await handle.stat();
  if (!status.isFile() || status.size > maxBytes) throw new Error('it is not a regular file of a size of a prompt');
  return await handle.readFile();
}

export async function remove(file: string): Promise<void> {
  await rm(file);
  // It is gone from the disk only when the folder is written.
  await using handle = await open(dirname(file), 'r');
  await handle.sync();
}
