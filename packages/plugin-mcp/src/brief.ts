import type { ListResult, ProcessView } from '@promptbin/core/views';

type Brief<T extends Partial<ProcessView>> = Omit<T, 'conditions'> & {
  readonly conditions?: Partial<ProcessView['conditions']>;
};

/** Of the conditions only those that say more than the status: the others cost a model 200 bytes a process to say nothing. */
export function brief<T extends Partial<ProcessView>>(view: T): Brief<T> {
  const { conditions, ...rest } = view;
  const telling = Object.entries(conditions ?? {}).filter(
    ([, { message }]) => message !== undefined && message !== view.cause?.message,
  );
  return telling.length === 0 ? rest : { ...rest, conditions: Object.fromEntries(telling) };
}

/** Many processes, without the evidence of why each is down: who asks for one gets it. */
export function briefList<T extends Pick<ListResult, 'processes'>>(
  list: T,
): T & { readonly processes: readonly object[] } {
  const processes = list.processes.map((view) => {
    const { cause, ...rest } = brief(view);
    if (cause === undefined) return rest;
    const { evidence: _, ...why } = cause;
    return { ...rest, cause: why };
  });
  return { ...list, processes };
}
