import {
  type GetPromptResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type CommandResult, toolSpecs } from '@promptbin/core/views';
import { coreAnswer } from '../core-answer.ts';
import type { Offer } from '../offer.ts';
import { cut, maxEcho } from '../plain.ts';
import { type PromptSpec, prompts } from '../prompts.ts';
import type { Ask } from './ask.ts';

/** The one argument that prompts have. */
export const promptArgument = 'name';

/** Lists the prompts, and writes them out with what is known at that moment. */
export function answerPrompts(server: Server, offer: Offer, ask: Ask): void {
  server.setRequestHandler('prompts/list', () => ({ prompts: prompts.map(describePrompt) }));
  server.setRequestHandler('prompts/get', async ({ params }, ctx) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined) {
      const known = prompts.map(({ name }) => name).join(', ');
      const name = cut(params.name, maxEcho);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${name}. Known: ${known}.`);
    }
    return writeOut(prompt, params.arguments?.[promptArgument], { offer, ask, ctx });
  });
}

function describePrompt({ name, title, description, needsProcess }: PromptSpec): {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
} {
  const argument = { name: promptArgument, description: 'Name of the process.' };
  return { name, title, description, arguments: [{ ...argument, required: needsProcess }] };
}

interface Writing {
  readonly offer: Offer;
  readonly ask: Ask;
  readonly ctx: ServerContext;
}

async function writeOut(
  prompt: PromptSpec,
  process: string | undefined,
  { offer, ask, ctx }: Writing,
): Promise<GetPromptResult> {
  if (prompt.needsProcess && process === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The prompt ${prompt.name} needs the name of a process.`);
  }
  // A name that is wrong is said, however little is asked of it.
  const about = process === undefined ? prompt.command : 'process.explain';
  const result = await ask(about, process === undefined ? {} : { name: process }, ctx);
  if (!result.ok && result.error.code.endsWith('_UNKNOWN')) {
    const { message, hint = '' } = result.error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${message} ${hint}`.trim());
  }
  const tools = await offer.tools();
  const text = prompt.text({
    process,
    known: knownLines(about, result),
    hasTool: (name) => tools.some(({ listed }) => listed.name === name),
  });
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}

/** As the tool of the command answers it. */
function knownLines(command: string, result: CommandResult): readonly string[] {
  const spec = toolSpecs.find(({ name }) => name === command);
  if (spec === undefined) return [];
  return coreAnswer(spec, result).content.flatMap(({ text }) => text.split('\n'));
}
