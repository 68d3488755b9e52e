import { findProcess } from '../context.ts';
import type { ApplyParts } from './application.ts';
import { applyCommand } from './command.ts';
import { Settling } from './settling.ts';
import { Unapplied } from './unapplied.ts';

/** The command by which who has edited waits for what follows. */
export function installApply(parts: Omit<ApplyParts, 'unapplied' | 'settling'>): void {
  const { ctx, reactions } = parts;
  const unapplied = new Unapplied(ctx.clock);
  const output = ctx.use('output');
  reactions.listen((reaction) => {
    const process = ctx.process(reaction.name);
    if (process === undefined) return;
    const { cursor } = output.page(reaction.name, { tail: 1 });
    unapplied.add(reaction, { cursor, generation: process.generation });
  });
  const settling = new Settling(ctx);
  ctx.command(applyCommand({ ...parts, unapplied, settling }, (name) => findProcess(ctx, name)));
}
