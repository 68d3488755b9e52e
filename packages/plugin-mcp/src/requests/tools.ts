import {
  type ClientCapabilities,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { CommandResult, PublicError } from '@promptbin/core/views';
import { type Answer, refusal } from '../answer.ts';
import type { Offer } from '../offer.ts';
import { cut, maxEcho, plainError } from '../plain.ts';
import { describeProgress, withProgress } from '../progress.ts';
import type { Tool } from '../tools.ts';
import type { Ask } from './ask.ts';
import { askConsent, capabilitiesOf, consentOf } from './consent.ts';

/** Lists the tools on offer, and calls them. */
export function answerTools(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('tools/list', async () => ({ tools: (await offer.listTools()).map((tool) => tool.listed) }));
  server.setRequestHandler('tools/call', async ({ params }, ctx): Promise<Answer | InputRequiredResult> => {
    const found = await offer.findTool(params.name);
    if (found === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${cut(params.name, maxEcho)} not found`);
    if ('listed' in found) {
      const capabilities = capabilitiesOf(ctx, server.getClientCapabilities());
      return callTool(found, params.arguments, { ask, ctx, capabilities });
    }
    const message = `Whether there is a tool ${cut(params.name, maxEcho)} is not known now. ${found.message}`;
    return refusal(plainError({ ...found, message }));
  });
}

interface Calling {
  readonly ask: Ask;
  readonly ctx: ServerContext;
  readonly capabilities: ClientCapabilities | undefined;
}

async function callTool(
  tool: Tool,
  args: unknown,
  { ask, ctx, capabilities }: Calling,
): Promise<Answer | InputRequiredResult> {
  const input = tool.parse(args);
  if (!input.ok) return tool.answer(input);
  const { name } = tool.listed;
  const describe = (seconds: number): string => describeProgress(name, input.value, seconds);
  const perform = (confirmed: boolean): Promise<CommandResult> =>
    withProgress(ctx, describe, ask(tool.command, input.value, ctx, confirmed));
  // Asked anew also with an answer at hand: what it would end may be something else by now.
  const result = await perform(false);
  if (result.ok || result.error.code !== 'PB_CONFIRM_NEEDED') return tool.answer(result);
  const consent = consentOf(name, args, result.error, ctx);
  if (consent) return tool.answer(await perform(true));
  if (consent === false) return tool.answer({ ...result, error: declined(result.error) });
  return (await askConsent(name, args, result.error, capabilities)) ?? tool.answer(result);
}

function declined({ code, message }: PublicError): PublicError {
  return { code, message: `${message} The user has not agreed.`, hint: 'Leave it as it is, or ask the user why.' };
}
