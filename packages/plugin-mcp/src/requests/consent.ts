import { createHash, randomBytes } from 'node:crypto';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { PublicError } from '@promptbin/core/views';
import * as z from 'zod';

const key = 'consent';
const form = z.object({ agree: z.boolean() });

/** Seals what a person is asked about, so that the answer to one question is none to another. */
export const consentState: ReturnType<typeof createRequestStateCodec<string>> = createRequestStateCodec<string>({
  // Of this process alone: a question is answered where it was asked.
  key: randomBytes(32),
  ttlSeconds: 600,
});

/** What is asked for and what it would end, in a few characters: another plan is another question. */
function subjectOf(tool: string, args: unknown, { message }: PublicError): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, args ?? {}, message]))
    .digest('base64url');
}

/** What a person has answered to this very question; undefined when it was not asked. */
export function consentOf(
  tool: string,
  args: unknown,
  question: PublicError,
  { mcpReq }: ServerContext,
): boolean | undefined {
  if (inputResponse(mcpReq.inputResponses, key).kind !== 'elicit') return undefined;
  if (mcpReq.requestState<string>() !== subjectOf(tool, args, question)) return undefined;
  return acceptedContent(mcpReq.inputResponses, key, form)?.agree === true;
}

/** Has the client ask the person; undefined when it cannot. */
export async function askConsent(
  tool: string,
  args: unknown,
  question: PublicError,
  capabilities: ClientCapabilities | undefined,
): Promise<InputRequiredResult | undefined> {
  const elicitation = capabilities?.elicitation;
  // One that names no mode means forms: there was nothing else when it was written.
  if (elicitation === undefined || (elicitation.form === undefined && elicitation.url !== undefined)) return undefined;
  return inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({
        message: `${question.message} Do you agree?`,
        requestedSchema: {
          type: 'object',
          properties: { agree: { type: 'boolean', title: 'I agree', default: false } },
          required: ['agree'],
        },
      }),
    },
    requestState: await consentState.mint(subjectOf(tool, args, question)),
  });
}

/** What a client of either era can do. */
export function capabilitiesOf(
  { mcpReq }: ServerContext,
  ofSession: ClientCapabilities | undefined,
): ClientCapabilities | undefined {
  // The type of the envelope says nothing of its keys; the SDK has validated this one.
  const envelope = mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? ofSession;
}
