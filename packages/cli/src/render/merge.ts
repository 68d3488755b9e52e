/**
 * What several have written, in the order of time. What each has written stays in its order, whatever was done to the
 * clock meanwhile.
 */
export function* mergeByTime<T extends { readonly at: number }>(lists: readonly (readonly T[])[]): Generator<T> {
  const heads = lists.filter((list) => list.length > 0).map((list) => ({ list, index: 0 }));
  while (heads.length > 0) {
    const next = heads.reduce((one, other) => (timeOf(other) < timeOf(one) ? other : one));
    yield next.list[next.index] as T;
    next.index += 1;
    if (next.index === next.list.length) heads.splice(heads.indexOf(next), 1);
  }
}

function timeOf<T extends { readonly at: number }>({ list, index }: { list: readonly T[]; index: number }): number {
  return list[index]?.at ?? Number.POSITIVE_INFINITY;
}
