import type { Context } from '../context.ts';
import { type Group, groupsOf } from './group.ts';

/** The groups as the config has them now. */
export class Groups {
  readonly #ctx: Context;
  #byMember: ReadonlyMap<string, Group> | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    ctx.hooks.event.tap('members', ({ type }) => {
      if (type === 'config.reloaded') this.#byMember = undefined;
    });
  }

  /** The group that a process is in. */
  of(name: string): Group | undefined {
    this.#byMember ??= this.#look();
    return this.#byMember.get(name);
  }

  #look(): ReadonlyMap<string, Group> {
    const { options, fields, processes } = this.#ctx;
    const memberships = processes().map(({ name }) => [name, fields(name)?.group] as const);
    const groups = groupsOf(options.groups ?? {}, memberships);
    return new Map(groups.flatMap((group) => group.members.map((member) => [member, group] as const)));
  }
}
