import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Entry } from '../run.ts';
import type { Summary } from './summary.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const colors: Readonly<Record<Entry['role'], string>> = {
  promptbin: '#d9480f',
  floor: '#868e96',
  node: '#868e96',
  npm: '#4dabf7',
  system: '#69db7c',
};

const titled = { left: 8, top: 4, textStyle: { fontSize: 14 } };

function draw(height: number, option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 760, height });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', textStyle: { fontFamily: 'sans-serif' }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

/** The medians of one figure, the best on top. Undefined when a logarithmic scale cannot show them. */
export function barPlot({ case: name, figure, rows }: Summary): string | undefined {
  const found = rows.flatMap(({ contender, role, spread }) =>
    spread === undefined ? [] : [{ contender, role, value: spread.median }],
  );
  if (found.length < 2 || found.some(({ value }) => value <= 0)) return undefined;
  const direction = figure.better === 'less' ? -1 : 1;
  const sorted = found.toSorted((one, other) => direction * (one.value - other.value));
  return draw(60 + 28 * sorted.length, {
    title: { ...titled, text: `${name}: ${figure.name}, ${figure.unit} (logarithmic)` },
    grid: { left: 130, right: 90, top: 36, bottom: 8 },
    xAxis: { type: 'log', show: false },
    yAxis: { type: 'category', data: sorted.map(({ contender }) => contender), axisTick: { show: false } },
    series: [
      {
        type: 'bar',
        data: sorted.map(({ role, value }) => ({ value, itemStyle: { color: colors[role] } })),
        label: {
          show: true,
          position: 'right',
          color: '#343a40',
          formatter: ({ value }: { value: number }) => `${Number(value.toPrecision(3))}`,
        },
      },
    ],
  });
}

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Both axes logarithmic: what grows as its cause does is a straight line of slope 1. */
export function curvePlot(title: string, xName: string, yName: string, curves: readonly Curve[]): string {
  const axis = { type: 'log', nameLocation: 'middle', nameGap: 28 };
  return draw(420, {
    title: { ...titled, text: title },
    legend: { top: 30 },
    grid: { left: 70, right: 30, top: 70, bottom: 50 },
    xAxis: { ...axis, name: xName },
    yAxis: { ...axis, name: yName, nameGap: 48 },
    series: curves.map(({ name, points }) => ({ type: 'line', name, data: points, symbolSize: 7 })),
  });
}
