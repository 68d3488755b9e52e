import { createProgram } from '../../packages/cli/src/program.ts';

type Command = ReturnType<typeof createProgram>;

/** Path in the repository. */
export const cliPage = 'docs/cli.md';

/** The text of `docs/cli.md`, made from the commands as they are declared for `--help`. */
export function renderCliPage(): string {
  const program = createProgram(async () => {});
  const commands = commandsBelow(program);
  const contents = commands.map((command) => {
    const name = nameOf(command);
    return `[\`${name}\`](#${anchorOf(headingOf(command))})`;
  });
  return `<!-- Made by scripts/generate.ts from packages/cli/src/*program.ts. Do not edit. -->

# Command line

\`promptbin --help\`, and \`--help\` after each command, tell the same. [What the commands print](../packages/cli/README.md) is shown
elsewhere; a mistyped command, flag or name of a process is answered with the one that is nearest.

${contents.join(' · ')}

${flagsOf(program)}

${textAfter(program)}

\`--json\` gives one object, or a line for each where there is no end to them. A failure is \`{ version, ok: false, error: { code, message, hint } }\`;
[the codes](errors.md).

${commands.map(renderCommand).join('\n\n')}
`;
}

/** Those that are not hidden, each followed by those below it. */
function commandsBelow(command: Command): readonly Command[] {
  const children = command.createHelp().visibleCommands(command);
  return children.filter((child) => child.name() !== 'help').flatMap((child) => [child, ...commandsBelow(child)]);
}

function renderCommand(command: Command): string {
  const about = command.description();
  return [
    `## \`${headingOf(command)}\``,
    `${about.charAt(0).toUpperCase()}${about.slice(1)}.`,
    flagsOf(command),
    textAfter(command),
  ].join('\n\n');
}

function headingOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [nameOf(command), ...args].join(' ');
}

/** `config check` */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function flagsOf(command: Command): string {
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help');
  if (options.length === 0) return 'It has no flags.';
  const rows = options.map(({ flags, description, argChoices = [], defaultValue }) => {
    const choices = argChoices.map((choice) => `\`${choice}\``).join(', ');
    const byDefault = typeof defaultValue === 'string' ? `default: \`${defaultValue}\`` : '';
    const meaning = [description, choices, byDefault].filter((part) => part !== '').join('; ');
    return `| \`${flags.replaceAll('|', '\\|')}\` | ${cell(meaning)} |`;
  });
  return ['| Flag | Meaning |', '| --- | --- |', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** What stands below the help: examples as a block of code, and all else as it is. */
function textAfter(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const text = help.slice(command.helpInformation().length).trim();
  return text
    .replace(/^Examples:\n((?: {2}.*(?:\n|$))+)/m, (_, lines: string) => {
      return `\`\`\`text\n${lines.replaceAll(/^ {2}/gm, '').trimEnd()}\n\`\`\`\n`;
    })
    .trim();
}
