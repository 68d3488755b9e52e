import type { Call } from '../contract/commands.ts';
import { PromptbinError } from '../errors/error.ts';

/**
 * For what would end protected processes: a model must have asked a person.
 *
 * @param what in the words of the command line, such as `stop web`
 * @param does what that does to them
 * @throws PromptbinError `PB_CONFIRM_NEEDED`; its message can be shown to the person
 */
export function refuseUnconfirmed(
  { confirmed, caller }: Call,
  what: string,
  names: readonly string[],
  does: 'ends' | 'takes the protection off' = 'ends',
): void {
  if (confirmed || names.length === 0) return;
  const others = names.map((name) => `"${name}"`).join(', ');
  throw new PromptbinError(
    'PB_CONFIRM_NEEDED',
    `${caller} wants to ${what}, which ${does} ${others}: protected by the config.`,
    {
      hint: `Ask the user, who can agree or run "promptbin ${what}".`,
    },
  );
}
