import {
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { embedded, image, text } from './content.ts';
import { isAnswered, nameRequests } from './input-tools.ts';

export interface FixturePrompt {
  readonly takes?: readonly string[];
  get(args: Readonly<Record<string, string>>, ctx: ServerContext): GetPromptResult | InputRequiredResult;
}

const saying = (...contents: GetPromptResult['messages'][number]['content'][]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
});

export const fixturePrompts: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: { get: () => saying(text('This is a simple prompt for testing.')) },
  test_prompt_with_arguments: {
    takes: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => saying(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    takes: ['resourceUri'],
    get: ({ resourceUri = '' }) =>
      saying(
        embedded(resourceUri, 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  },
  test_prompt_with_image: { get: () => saying(image, text('Please analyze the image above.')) },
  test_input_required_result_prompt: {
    get: (_, ctx) =>
      isAnswered(ctx, nameRequests) ? saying(text('Hello!')) : inputRequired({ inputRequests: nameRequests }),
  },
};
