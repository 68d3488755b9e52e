import type { Command } from 'commander';
import { json, type Perform, withConfigFlags } from './flags.ts';

const examples = `
Examples:
  promptbin config check                          all mistakes at once, each with its place
  promptbin config print                          what holds, with defaults; secrets are hidden
  promptbin config explain web.port               where a value comes from
  promptbin config check --set web.port=0         as it would be with that
  promptbin config schema > config.schema.json    for editors`;

const examplesOf = {
  check: `
Examples:
  promptbin config check                 every mistake at once, each with its place
  promptbin config check --json          for programs`,
  print: `
Examples:
  promptbin config print                 as YAML
  promptbin config print --mode test     what a config that is a function gives for that`,
  explain: `
Examples:
  promptbin config explain web.port      every place that has a say in it, the weakest first
  promptbin config explain shared        of anything in the config`,
  schema: `
Examples:
  promptbin config schema > config.schema.json    for editors`,
} as const;

/** `promptbin config …`: looks at the config and runs nothing. */
export function addConfigCommands(program: Command, perform: Perform): void {
  const config = program
    .command('config')
    .description('look at the config without running anything: check, print, explain, schema')
    .addHelpText('after', examples);
  withConfigFlags(config.command('check'))
    .description('tell every mistake in the config; exit code 2 when there is one')
    .option(...json)
    .addHelpText('after', examplesOf.check)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/config/check.ts')).check(invocation),
      ),
    );
  withConfigFlags(config.command('print'))
    .description('show the config that holds: all files in one, defaults filled in, secrets hidden')
    .option('--json', 'print JSON instead of YAML')
    .addHelpText('after', examplesOf.print)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/config/print.ts')).print(invocation),
      ),
    );
  withConfigFlags(config.command('explain <path>'))
    .description('tell where a value comes from; web.port is short for processes.web.port')
    .option(...json)
    .addHelpText('after', examplesOf.explain)
    .action((path: string, _options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/config/explain.ts')).explain(path, invocation),
      ),
    );
  withConfigFlags(config.command('schema'))
    .description('print the JSON Schema of the config, with the fields of its plugins')
    .addHelpText('after', examplesOf.schema)
    .action((_options, command: Command) =>
      perform(command.optsWithGlobals(), async (invocation) =>
        (await import('./commands/config/schema.ts')).schema(invocation),
      ),
    );
}
