import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { audio, embedded, image, text } from './content.ts';
import { inputTools } from './input-tools.ts';

export type ToolResult = CallToolResult | InputRequiredResult;

/** A tool that answers what no command can: pictures, questions, what comes while it runs. */
export interface FixtureTool {
  /** What it takes: names of strings. */
  readonly takes?: readonly string[];
  call(args: Readonly<Record<string, string>>, ctx: ServerContext): ToolResult | Promise<ToolResult>;
}

const saying = (...content: CallToolResult['content']): CallToolResult => ({ content });
const answering = (...content: CallToolResult['content']): FixtureTool => ({ call: () => saying(...content) });

const formOf = (properties: Record<string, object>, required: string[] = []) =>
  ({ type: 'object', properties, required }) as ElicitRequestFormParams['requestedSchema'];

/** On the stream of the call: the other one may not be open yet, and then the question is lost. */
const within = ({ id }: ServerContext['mcpReq']) => ({ relatedRequestId: id });

/** Asks by a form, and tells what came of it. */
const eliciting = (
  message: (args: Readonly<Record<string, string>>) => string,
  requestedSchema: ReturnType<typeof formOf>,
): FixtureTool['call'] => {
  return async (args, { mcpReq }) => {
    const form = { mode: 'form', message: message(args), requestedSchema } as const;
    const { action, content } = await mcpReq.elicitInput(form, within(mcpReq));
    return saying(text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`));
  };
};

const choices = (one: string, count: number, title: string) =>
  Array.from({ length: count }, (_, index) => ({ const: `${one}${index + 1}`, title: `${title} ${index + 1}` }));
const options = ['option1', 'option2', 'option3'];

export const fixtureTools: Readonly<Record<string, FixtureTool>> = {
  test_image_content: answering(image),
  test_audio_content: answering(audio),
  test_embedded_resource: answering(embedded('test://embedded-resource', 'This is an embedded resource content.')),
  test_multiple_content_types: answering(
    text('Multiple content types test:'),
    image,
    embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  ),
  test_tool_with_logging: { call: async (_, ctx) => log(ctx) },
  test_logging_tool: { call: async (_, ctx) => log(ctx) },
  test_tool_with_progress: {
    async call(_, { mcpReq }) {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined) {
          const params = { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` };
          await mcpReq.notify({ method: 'notifications/progress', params });
        }
        await sleep(50);
      }
      return saying(text(String(progressToken)));
    },
  },
  test_sampling: {
    takes: ['prompt'],
    async call({ prompt = '' }, { mcpReq }) {
      const messages = [{ role: 'user' as const, content: text(prompt) }];
      const { content } = await mcpReq.requestSampling({ messages, maxTokens: 100 }, within(mcpReq));
      return saying(text(`LLM response: ${JSON.stringify(content)}`));
    },
  },
  test_elicitation: {
    takes: ['message'],
    call: eliciting(
      ({ message = '' }) => message,
      formOf(
        {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        ['username', 'email'],
      ),
    ),
  },
  test_elicitation_sep1034_defaults: {
    call: eliciting(
      () => 'Please review the defaults.',
      formOf({
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      }),
    ),
  },
  test_elicitation_sep1330_enums: {
    call: eliciting(
      () => 'Please choose.',
      formOf({
        untitledSingle: { type: 'string', enum: options },
        titledSingle: { type: 'string', oneOf: choices('value', 3, 'Option') },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: { type: 'array', items: { anyOf: choices('value', 3, 'Choice') } },
      }),
    ),
  },
  test_missing_capability: {
    call() {
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    },
  },
  test_streaming_elicitation: {
    call: () =>
      inputRequired({ inputRequests: { answer: inputRequired.elicit({ message: '?', requestedSchema: formOf({}) }) } }),
  },
  ...inputTools,
};

async function log({ mcpReq }: ServerContext): Promise<CallToolResult> {
  for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await mcpReq.log('info', message);
    await sleep(50);
  }
  return saying(text('Logged.'));
}
