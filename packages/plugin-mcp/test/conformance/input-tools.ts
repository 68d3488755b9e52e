import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { consentState } from '../../src/requests/consent.ts';
import { text } from './content.ts';
import type { FixtureTool, ToolResult } from './tools.ts';

// Tools that ask before they answer, over several requests: what they remember goes through the client, sealed as the
// product's own questions are.

const form = (message: string, field: string, type: 'string' | 'boolean'): InputRequest =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [field]: type === 'string' ? { type } : { type } },
      required: [field],
    },
  });
const sampling = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });

export const nameRequests: InputRequests = { user_name: form('What is your name?', 'name', 'string') };

/** Whether there is an answer of the right kind to every question. */
export function isAnswered({ mcpReq }: ServerContext, requests: InputRequests): boolean {
  const kinds = {
    'elicitation/create': 'elicit',
    'sampling/createMessage': 'sampling',
    'roots/list': 'roots',
  } as const;
  return Object.entries(requests).every(
    ([key, { method }]) => inputResponse(mcpReq.inputResponses, key).kind === kinds[method],
  );
}

const done = (ctx: ServerContext, words: string): ToolResult => ({
  content: [text(`${words} ${JSON.stringify(ctx.mcpReq.inputResponses)}`)],
});

const asking = (inputRequests: InputRequests): FixtureTool => ({
  call: (_, ctx) => (isAnswered(ctx, inputRequests) ? done(ctx, 'Hello!') : inputRequired({ inputRequests })),
});

/** One round after the other, each with a state of its own. */
const remembering = (...rounds: readonly InputRequests[]): FixtureTool => ({
  async call(_, ctx) {
    const round = Number(ctx.mcpReq.requestState<string>() ?? -1);
    const asked = rounds[round];
    if (asked !== undefined && !isAnswered(ctx, asked)) return ask(asked, round);
    const next = rounds[round + 1];
    return next === undefined ? done(ctx, 'state-ok') : ask(next, round + 1);
  },
});

async function ask(inputRequests: InputRequests, round: number): Promise<InputRequiredResult> {
  return inputRequired({ inputRequests, requestState: await consentState.mint(String(round)) });
}

export const inputTools: Readonly<Record<string, FixtureTool>> = {
  test_input_required_result_elicitation: asking(nameRequests),
  test_input_required_result_sampling: asking({ capital_question: sampling('What is the capital of France?', 100) }),
  test_input_required_result_list_roots: asking({ client_roots: inputRequired.listRoots() }),
  test_input_required_result_request_state: remembering({ confirm: form('Please confirm', 'ok', 'boolean') }),
  test_input_required_result_tampered_state: remembering({ confirm: form('Please confirm', 'ok', 'boolean') }),
  test_input_required_result_multiple_inputs: remembering({
    ...nameRequests,
    greeting: sampling('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  }),
  test_input_required_result_multi_round: remembering(
    { step1: form('Step 1: What is your name?', 'name', 'string') },
    { step2: form('Step 2: What is your favorite color?', 'color', 'string') },
  ),
  test_input_required_result_capabilities: {
    call(_, ctx) {
      const envelope = ctx.mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: object } | undefined;
      const able = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
      return inputRequired({
        inputRequests: {
          ...('elicitation' in able ? nameRequests : {}),
          ...('sampling' in able ? { greeting: sampling('Generate a greeting', 50) } : {}),
        },
      });
    },
  },
};
