import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import type { Interest } from '../interest.ts';
import type { Offer } from '../offer.ts';
import { cut, maxEcho } from '../plain.ts';
import { describeResource, isTemplate, listResources } from '../resources.ts';
import type { Ask } from './ask.ts';

/** Lists the resources on offer, and reads them. */
export function answerResources(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('resources/list', async (_, ctx) => ({
    resources: await listResources(await offer.listResources(), (command) => ask(command, {}, ctx)),
  }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: (await offer.listResources())
      .filter(isTemplate)
      .map((template) => ({ ...describeResource(template), uriTemplate: template.uri })),
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, ctx) => {
    const found = await offer.findResource(uri);
    if (found === undefined) throw new ResourceNotFoundError(cut(uri, maxEcho));
    const { resource, input } = found;
    const result = await ask(resource.command, input, ctx);
    if (result.ok) return { contents: [{ uri, mimeType: resource.mimeType, text: resource.text(result.value) }] };
    const { code, message, hint } = result.error;
    if (code.endsWith('_UNKNOWN')) throw new ResourceNotFoundError(cut(uri, maxEcho));
    throw new ProtocolError(ProtocolErrorCode.InternalError, hint === undefined ? message : `${message} ${hint}`, {
      code,
    });
  });
}

/** Learns what a client before 2026-07-28 wants to hear of. */
export function answerSubscriptions(server: Server, offer: Offer, interest: Interest): void {
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    // What is not there yet may come, and without a manager nobody can say that it will not.
    const found = await offer.findResource(uri);
    if (found === undefined && offer.isKnown) throw new ResourceNotFoundError(cut(uri, maxEcho));
    interest.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    interest.delete(uri);
    return {};
  });
}
