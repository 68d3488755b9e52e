import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import { getSpec } from '@promptbin/core/views';
import { completionsOf } from '../completions.ts';
import type { Offer } from '../offer.ts';
import { prompts } from '../prompts.ts';
import { membersOf } from '../resources.ts';
import type { Ask } from './ask.ts';
import { promptArgument } from './prompts.ts';

/** Completes the variables of templates, and the names of processes that prompts are about. */
export function answerCompletions(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument, context } }, ctx) => {
    const isPrompt = ref.type === 'ref/prompt' && prompts.some(({ name }) => name === ref.name);
    const resources = await offer.resources();
    const template = resources.find(({ uri }) => uri === (isPrompt ? getSpec.resource.uri : 'uri' in ref && ref.uri));
    if (template === undefined || (isPrompt && argument.name !== promptArgument)) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is nothing to complete.');
    }
    const members = await membersOf(template, (command) => ask(command, {}, ctx));
    const typed = argument.value;
    return { completion: completionsOf(members, argument.name, { typed, known: context?.arguments }) };
  });
}
