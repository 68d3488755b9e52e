import type { IncomingMessage, ServerResponse } from 'node:http';
import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/node';

const guards = [localhostHostValidation(), localhostOriginValidation()] as const;

/**
 * Whether a request comes from a program of this machine, by the name it asks under and the page that it comes from. One that
 * does not has been answered: a web page, whose name may lead to this machine, must not get in even with a token.
 */
export function isLocal(request: IncomingMessage, response: ServerResponse): boolean {
  return guards.every((guard) => guard(request, response));
}
