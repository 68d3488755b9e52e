import type { PythonFolder } from './python-folder.ts';

/** An application in the text of a module, as a server is told it. */
export interface Application {
  /** A variable, or the call of a factory such as `create_app()`. */
  readonly object: string;
  readonly because: string;
}

/** An application that the module makes itself, as a variable or in a factory that needs nothing. */
export function applicationIn(text: string, type: 'Flask' | 'FastAPI'): Application | undefined {
  const made = new RegExp(String.raw`^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?${type}\(`, 'm').exec(text)?.[1];
  if (made !== undefined) return { object: made, because: `creates a ${type} app` };
  if (!new RegExp(String.raw`\b${type}\(`).test(text)) return undefined;
  const [, factory, parameters = ''] = /^def\s+(create_app|make_app)\s*\(([^)]*)\)/m.exec(text) ?? [];
  if (factory === undefined || !isOptional(parameters)) return undefined;
  return { object: `${factory}()`, because: `has the factory ${factory} of a ${type} app` };
}

/** An application that the module takes from another one: it makes it by a factory from there, or imports it. */
export function boundIn(text: string): Application | undefined {
  const [, assigned, imported] =
    /^(?:(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*(?:create_app|make_app)\(|from\s+\S+\s+import\s+.*?\b(app|application)\s*$)/m.exec(
      text,
    ) ?? [];
  const object = assigned ?? imported;
  return object === undefined ? undefined : { object, because: 'names the app that another module creates' };
}

/** Whether an application that is made elsewhere can only be of that type. */
export function usesOnly({ folder }: PythonFolder, type: 'Flask' | 'FastAPI'): boolean {
  const texts = folder.sources(['.py']).map(({ text }) => text);
  const other = type === 'Flask' ? 'FastAPI' : 'Flask';
  return texts.some((text) => text.includes(`${type}(`)) && !texts.some((text) => text.includes(`${other}(`));
}

function isOptional(parameters: string): boolean {
  return parameters.split(',').every((parameter) => parameter.trim() === '' || /=|^\s*[*/]/.test(parameter));
}
