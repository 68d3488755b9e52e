import type { ProjectChoice } from '../control/project.ts';
import type { Screen } from '../render/screen.ts';

/** What every command gets: where it works and how it speaks. */
export interface Invocation extends ProjectChoice {
  readonly json: boolean;
  readonly out: Screen;
  readonly err: Screen;
}
