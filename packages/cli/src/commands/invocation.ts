import type { ConfigFlags, ProjectChoice } from '../control/project.ts';
import type { Screen } from '../render/screen.ts';

/** What every command gets: where it works, with which config, and how it speaks. */
export interface Invocation extends ProjectChoice, ConfigFlags {
  readonly json: boolean;
  readonly out: Screen;
  readonly err: Screen;
}
