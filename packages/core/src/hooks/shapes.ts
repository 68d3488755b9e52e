import { causeCodes } from '../contract/process.ts';

// What a plugin hands over is checked by shape: it may be written without types, or against them.

export type Test = (value: unknown) => boolean;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isString: Test = (value) => typeof value === 'string';
export const isText: Test = (value) => isString(value) && value !== '';
export const isBoolean: Test = (value) => typeof value === 'boolean';
export const isAmount: Test = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isPort: Test = (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
/** Beyond stdin, stdout and stderr; in reach of every shell. */
export const isDescriptor: Test = (value) => Number.isInteger(value) && Number(value) >= 3 && Number(value) <= 255;

export const oneOf =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);
export const either =
  (...tests: readonly Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));
export const optional = (test: Test): Test => either(oneOf(undefined), test);
export const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
export const recordOf =
  (test: Test): Test =>
  (value) =>
    isRecord(value) && Object.values(value).every(test);
export const shape =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isRecord(value) && Object.entries(tests).every(([key, test]) => test(value[key]));

export const isCause: Test = shape({
  code: oneOf(...causeCodes),
  message: isText,
  evidence: listOf(isString),
  hint: optional(isText),
  port: optional(isPort),
});
