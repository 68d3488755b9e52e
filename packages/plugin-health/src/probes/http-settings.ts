import * as z from 'zod';
import type { HttpFields, StandardSchema, StatusField } from './fields.ts';
import type { HttpMeans, StatusRange } from './means.ts';

// Descriptions are what editors show; they hold in every format of a config.

const text = z.string().min(1, 'expected some text');

const path = z.string().regex(/^\/[^\s#]*$/, 'expected a path that starts with "/", such as "/health"');

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const code = z
  .int('expected a status code from 100 to 599')
  .min(100)
  .max(599)
  .transform((value): StatusRange => ({ from: value, to: value }));
const range = z
  .string()
  .regex(/^[1-5]\d\d-[1-5]\d\d$/, 'expected a range of status codes, such as "200-399"')
  .refine((value) => value.slice(0, 3) <= value.slice(4), 'expected a range that begins with its lower end')
  .transform((value): StatusRange => ({ from: Number(value.slice(0, 3)), to: Number(value.slice(4)) }));
// zod infers a plain text for the input of a range.
const codes = z.union([code, range], {
  error: 'expected a status code or a range of them, such as "200-399"',
}) as unknown as z.ZodType<StatusRange, StatusField>;
const status = z
  .union([codes.transform((one) => [one]), z.array(codes).min(1, 'expected at least one status code')], {
    error: 'expected a status code, a range such as "200-399", or a list of them',
  })
  .describe('Good status codes: one, a range such as `200-399`, or a list of them. Default: any 2xx.');

// Of any library, so neither a zod schema nor an object of a known class.
const schema = z.custom<StandardSchema>(isStandardSchema).meta({ not: {} });

const json = z
  .union(
    [schema.transform((made) => ({ schema: made })), z.record(z.string(), z.json()).transform((like) => ({ like }))],
    {
      error: 'expected an object of keys that the answer must hold (in TypeScript also a schema)',
    },
  )
  .describe(
    'What the JSON that is answered must hold: these keys with these values, at any depth; other keys are free. In TypeScript also a schema, of zod or of any library that follows Standard Schema.',
  );

const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name of a header'),
  // Its value may be a secret: no message shows it.
  z.string().refine((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value), 'has a character that no header can have'),
);

const tls = z
  .union([
    z.literal(true).transform(() => ({ verify: true })),
    z.strictObject({
      verify: z
        .boolean()
        .default(true)
        .describe(
          'Whether the certificate must be one that can be trusted. `false` is for one that is signed by itself.',
        ),
      ca: text
        .optional()
        .describe(
          'A file with the certificates of authorities to trust instead of the usual ones, relative to the folder of the config.',
        ),
      servername: text
        .optional()
        .describe('The name that the certificate must be for. Default: the host that is asked.'),
    }),
  ])
  .describe('Asks by TLS.');

export const http: z.ZodType<HttpMeans, HttpFields> = z
  .union([
    path.transform((value) => ({ path: value })),
    z.strictObject({
      path: path.describe('The path to ask for, with or without a query.'),
      method: z.enum(methods).optional().describe('The method of the request. Default: `GET`.'),
      host: text.optional().describe('The address to ask. Default: where the process listens.'),
      headers: headers.optional().describe('Headers of the request. They are never shown in a message.'),
      body: z.string().optional().describe('The body of the request.'),
      status: status.optional(),
      json: json.optional(),
      tls: tls.optional(),
    }),
  ])
  .transform(({ path: asked, ...more }): HttpMeans => {
    const {
      method = 'GET',
      headers: sent = {},
      status: good = [{ from: 200, to: 299 }],
      ...rest
    } = more as Partial<HttpMeans>;
    return { ...rest, kind: 'http', path: asked, method, headers: sent, status: good };
  })
  .describe('A path to ask for, or a path with how to ask and what makes the answer a good one.');

function isStandardSchema(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  const { '~standard': standard } = value as Partial<StandardSchema>;
  return typeof standard?.validate === 'function';
}
