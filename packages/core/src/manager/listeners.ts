import type { EventType, ManagerEvent } from '../contract/events.ts';
import { messageOf } from '../errors/error.ts';
import type { Kernel } from './kernel.ts';

/** So often may a listener fail. One that fails on `plugin.fault` brings about the next one: without an end, for ever. */
const patience = 5;

/** Adds a program's listener. When it throws or rejects, that is stated; at the fifth time it is called no more. */
export function addListener<K extends EventType>(
  { bus, post }: Pick<Kernel, 'bus' | 'post'>,
  type: K,
  fn: (event: ManagerEvent<K>) => void,
): Disposable {
  let faults = 0;
  const blame = (fault: unknown): void => {
    faults += 1;
    if (faults === patience) listener[Symbol.dispose]();
    const message = `A listener of "${type}": ${messageOf(fault)}.`;
    post(() => bus.append('plugin.fault', { plugin: '(listener)', hook: type, code: 'PB_PLUGIN_THREW', message }));
  };
  const listener = bus.listen((event) => {
    if (event.type !== type) return;
    try {
      // An async function is a listener as well: nobody else would hear of its rejection.
      const answer: unknown = fn(event as unknown as ManagerEvent<K>);
      if (answer instanceof Promise) answer.catch(blame);
    } catch (fault) {
      blame(fault);
    }
  });
  return listener;
}
