import { type Command, InvalidArgumentError, Option } from 'commander';
import { json, type Perform, withConfigFlags } from './flags.ts';
import { mcpClients } from './mcp-clients.ts';

const examples = `
Examples:
  promptbin mcp                              what a client starts; it speaks on stdin and stdout
  promptbin mcp --print-config claude        the entry to paste into .mcp.json
  promptbin mcp --toolsets admin             with reload_config and send_signal, too
  promptbin mcp --readonly                   an agent may look, and change nothing
  promptbin mcp doctor                       start it as a client does, and say what works`;

const doctorExamples = `
Examples:
  promptbin mcp doctor             exit code 1 when something does not work
  promptbin mcp doctor --json      for programs`;

/** `promptbin mcp …`: serves agents, and helps to set that up. */
export function addMcpCommands(program: Command, perform: Perform): void {
  const mcp = withToolFlags(withConfigFlags(program.command('mcp')))
    .description('serve an AI agent over stdin and stdout (Model Context Protocol)')
    .option('--http [port]', 'serve all agents of this machine over HTTP instead (default port: 7333; 0: any)', port)
    .addOption(
      new Option('--print-config <client>', 'print the entry for the settings of a client, and serve nobody').choices(
        Object.keys(mcpClients),
      ),
    )
    .addHelpText('after', examples)
    .action(({ http, toolsets, readonly, printConfig }, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) => {
        const choice = { toolsets, readonly };
        if (printConfig !== undefined) {
          return (await import('./commands/mcp-entry.ts')).printEntry(printConfig, choice, invocation);
        }
        return (await import('./commands/mcp.ts')).mcp({ ...choice, ...(http !== undefined && { http }) }, invocation);
      }),
    );
  withConfigFlags(mcp.command('doctor'))
    .description('start the server as a client does, and say what works and what does not')
    .option(...json)
    .addHelpText('after', doctorExamples)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/mcp-doctor.ts')).doctor(invocation),
      ),
    );
}

function withToolFlags(command: Command): Command {
  return command
    .option(
      '--toolsets <names>',
      'offer these tools, too: admin, input, or sets of plugins; separated by commas',
      list,
      [],
    )
    .option('--readonly', 'offer only the tools that read', false);
}

function list(value: string, before: readonly string[]): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It is not a list of names.');
  return [...before, ...names];
}

function port(value: string): number {
  if (/^\d+$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('It is not a port.');
}
