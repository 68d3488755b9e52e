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

/** What a client asks for, in a few characters. */
function subjectOf(tool: string, args: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, args ?? {}]))
    .digest('base64url');
}

/** What a person has answered about this very call; undefined when none was asked. */
export function consentOf(tool: string, args: unknown, { mcpReq }: ServerContext): boolean | undefined {
  if (inputResponse(mcpReq.inputResponses, key).kind !== 'elicit') return undefined;
  const agreed = acceptedContent(mcpReq.inputResponses, key, form)?.agree === true;
  return agreed && mcpReq.requestState<string>() === subjectOf(tool, args);
}

/** Has the client ask the person; undefined when it cannot. */
export async function askConsent(
  tool: string,
  args: unknown,
  { message }: PublicError,
  capabilities: ClientCapabilities | undefined,
): Promise<InputRequiredResult | undefined> {
  const elicitation = capabilities?.elicitation;
  // One that names no mode means forms: there was nothing else when it was written.
  if (elicitation === undefined || (elicitation.form === undefined && elicitation.url !== undefined)) return undefined;
  return inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({
        message: `${message} Do you agree?`,
        requestedSchema: {
          type: 'object',
          properties: { agree: { type: 'boolean', title: 'I agree', default: false } },
          required: ['agree'],
        },
      }),
    },
    requestState: await consentState.mint(subjectOf(tool, args)),
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
