const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Numbers as a row of bars, the newest last; right-aligned in `columns`. The lowest bar is `from`, and a full one `to`. */
export function sparkline(
  values: readonly number[],
  columns: number,
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const barOf = (value: number): string => {
    const part = to > from ? (value - from) / (to - from) : 0;
    return bars[Math.min(bars.length - 1, Math.max(0, Math.round(part * (bars.length - 1))))] ?? bars[0];
  };
  return values.slice(-columns).map(barOf).join('').padStart(columns);
}
