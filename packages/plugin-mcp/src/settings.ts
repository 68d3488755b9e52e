import * as z from 'zod';
import { type HttpAddress, httpAddress } from './http/address.ts';

/** Which tools a client gets. */
export interface ToolChoice {
  /** Sets that are not offered unless they are named, such as `admin`. */
  readonly toolsets: readonly string[];
  /** Only what reads. */
  readonly readonly: boolean;
}

export interface ToolChoiceInput {
  /** Sets of tools beside the usual ones: `admin`, `input`, or those of plugins. Default: none. */
  toolsets?: string[] | undefined;
  /** Offer agents only the tools that read. Default false. */
  readonly?: boolean | undefined;
}

/** Of the plugin; nothing can be set for a single process. */
export interface McpOptions extends ToolChoiceInput {
  /** Serves MCP over HTTP as long as the manager lives; `true` is at 127.0.0.1, port 7333. Default: off. */
  http?: boolean | { port?: number | undefined; host?: HttpAddress['host'] | undefined } | undefined;
}

const choiceShape = {
  toolsets: z
    .array(z.string().min(1))
    .default([])
    .describe('Sets of tools beside the usual ones: `admin`, `input`, or those of plugins.'),
  readonly: z.boolean().default(false).describe('Offer agents only the tools that read.'),
};

export const toolChoice: z.ZodType<ToolChoice, ToolChoiceInput> = z.strictObject(choiceShape);

export const options: z.ZodType<ToolChoice & { readonly http?: HttpAddress | undefined }, McpOptions | undefined> = z
  .strictObject({
    ...choiceShape,
    http: z
      .union([z.boolean(), httpAddress])
      .transform((http) => (http === true ? httpAddress.parse({}) : http === false ? undefined : http))
      .optional()
      .describe('Serves MCP over HTTP as long as the manager lives; `true` is at 127.0.0.1, port 7333. Default: off.'),
  })
  .prefault({});
