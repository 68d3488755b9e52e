import type { CompletedCommand } from './tree.ts';
import { commandPattern, quoted, valueCases } from './values.ts';

/** For zsh, with descriptions. It may be loaded or lie in a folder of $fpath as `_promptbin`. */
export function zshScript(commands: readonly CompletedCommand[], name: string): string {
  const cases = commands.map(({ path, words, flags, takesProcesses }) => {
    const offered = words.map((word) => described(word.name, word.description));
    const options = flags.flatMap(({ names, description }) => names.map((one) => described(one, description)));
    const processes = takesProcesses ? ` offered+=(\${(f)"$(${name} process-names 2>/dev/null)"})` : '';
    return `    '${path}') offered=(${offered.join(' ')}) options=(${options.join(' ')})${processes} ;;`;
  });
  return `#compdef ${name}
# Completion of ${name} for zsh. To load it: source <(${name} completion zsh)
_${name}() {
  local at='' word previous="\${words[CURRENT-1]}"
  local -a offered options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${commandPattern(commands)}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at $previous" in
${valueCases(commands, actOn)}
  esac
  case "$at" in
${cases.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then _describe -o option options; else _describe word offered; fi
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function actOn(values: readonly string[] | 'files'): string {
  if (values === 'files') return '_files; return';
  return values.length === 0 ? 'return' : `compadd -- ${values.join(' ')}; return`;
}

/** A colon parts the two. */
function described(name: string, description: string): string {
  return quoted(description === '' ? name : `${name}:${description}`);
}
