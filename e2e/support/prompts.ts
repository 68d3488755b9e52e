import type { Agent } from './agent.ts';

/** A prompt, as the app and the tools tell it. */
export interface Prompt {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly version: string;
}

/** A request to the app's JSON API. */
export async function api<T = Prompt>(
  url: string,
  method: string,
  path: string,
  { body, version }: { body?: unknown; version?: string } = {},
): Promise<{ status: number; json: T }> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'content-type': 'application/json', ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as T };
}

/** Ensures that the app is up, and gives its address. */
export async function startWeb(agent: Agent): Promise<string> {
  const { facts } = await agent.call('start_process', { name: 'web', timeoutSec: 50 });
  if (!facts.ready) throw new Error(JSON.stringify(facts));
  return String(facts.url);
}
