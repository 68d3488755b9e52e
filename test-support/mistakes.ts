import { type ConfigIssue, createManager, type Plugin, PromptbinError } from '@promptbin/core';

/** What is wrong with the fields of a plugin on a process: message and hint, as a user reads them. */
export async function mistakesInFields(plugin: Plugin, fields: unknown): Promise<string[]> {
  const config = { plugins: [plugin], processes: { web: { command: 'true', port: 1, [plugin.name]: fields } } };
  try {
    await using _ = await createManager(config, { root: import.meta.dirname, log: false });
    return [];
  } catch (fault) {
    if (!PromptbinError.is(fault)) throw fault;
    return (fault.details as readonly ConfigIssue[]).map(({ message, hint }) => [message, hint].join(' ').trim());
  }
}
