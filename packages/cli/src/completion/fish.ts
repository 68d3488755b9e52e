import type { CompletedCommand } from './tree.ts';

/** For fish, with descriptions. */
export function fishScript(commands: readonly CompletedCommand[], name: string): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const lines = commands.flatMap(({ path, words, flags, takesProcesses }) => {
    const rule = `complete -c ${name} -n ${quoted(`__${name}_at ${quoted(path)}`)}`;
    return [
      ...words.map((word) => `${rule} -a ${word.name}${described(word.description)}`),
      ...flags.map(({ names, description, values }) => {
        const named = names
          .map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`))
          .join(' ');
        return `${rule} ${named}${values === undefined ? '' : following(values)}${described(description)}`;
      }),
      ...(takesProcesses ? [`${rule} -a '(${name} process-names 2>/dev/null)'`] : []),
    ];
  });
  return `# Completion of ${name} for fish. To load it: ${name} completion fish | source
set -g __${name}_commands ${paths.join(' ')}
function __${name}_at
  set -l at
  for word in (commandline -opc)[2..-1]
    contains -- (string join -- ' ' $at $word) $__${name}_commands; and set at $at $word
  end
  test "$at" = "$argv[1]"
end
complete -c ${name} -f
${lines.join('\n')}
`;
}

function following(values: readonly string[] | 'files'): string {
  if (values === 'files') return ' -r -F';
  return values.length === 0 ? ' -x' : ` -x -a ${quoted(values.join(' '))}`;
}

function described(description: string): string {
  return description === '' ? '' : ` -d ${quoted(description)}`;
}

/** Fish has escapes in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
