import type { CompletedCommand } from './tree.ts';
import { commandPattern, valueCases } from './values.ts';

/** For bash from 3.2 on, which has no descriptions. What it does not know it leaves to the completion of files. */
export function bashScript(commands: readonly CompletedCommand[], name: string): string {
  const cases = commands.map(({ path, words, flags, takesProcesses }) => {
    const all = [...words.map((word) => word.name), ...flags.flatMap(({ names }) => names)].join(' ');
    const processes = takesProcesses ? ` [[ $current == -* ]] || offered="$(${name} process-names 2>/dev/null)";` : '';
    return `    '${path}') offered='${all}';${processes} ;;`;
  });
  return `# Completion of ${name} for bash. To load it: source <(${name} completion bash)
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at='' offered='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${at:+$at }$word" in
      ${commandPattern(commands)}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at $previous" in
${valueCases(commands, actOn)}
  esac
  [[ -n $offered ]] || case "$at" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

function actOn(values: readonly string[] | 'files'): string {
  if (values === 'files') return 'return';
  return values.length === 0 ? 'compopt +o default 2>/dev/null; return' : `offered='${values.join(' ')}'`;
}
