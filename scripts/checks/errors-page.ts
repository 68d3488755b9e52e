import { errorCodes } from '@promptbin/core';

/** Path in the repository. */
export const errorsPage = 'docs/errors.md';

/** The text of `docs/errors.md`, made from the table of codes. */
export function renderErrorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `<!-- Made by scripts/generate.ts from packages/core/src/errors/codes.ts. Do not edit. -->

# Error codes

Every failure that promptbin states has one of these codes: a \`PromptbinError\` that is thrown, \`error.code\` in the answer of a
command, in JSON and over MCP, one of the mistakes in \`details\` of \`PB_CONFIG_INVALID\`, or an event \`plugin.fault\`. The message
says what happened, with the value; \`hint\`, when there is one, says what to do. Programs match the code, never the message.

\`\`\`ts
import { createManager, PromptbinError } from '@promptbin/core';

try {
  await createManager({ processes: { web: { command: '' } } });
} catch (fault) {
  if (!PromptbinError.is(fault)) throw fault;
  console.error(fault.code, fault.message, fault.hint);
}
\`\`\`

| Code | Meaning |
| --- | --- |
${rows.join('\n')}

Why a process is down is not a code of this table: it is \`cause.code\` of its status, such as \`exited\` or \`crashLoop\`.
`;
}
