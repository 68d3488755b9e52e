import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Machine } from '../src/contender.ts';
import { bareNode } from '../src/contenders/bare-node.ts';
import { promptbin } from '../src/contenders/promptbin.ts';
import { buildPrograms } from '../src/programs.ts';
import { runAll } from '../src/run.ts';
import { workloads } from '../src/workloads/index.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
let machine: Machine;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptbin-bench-test-'));
  machine = { root, install: root, programs: buildPrograms(root, folder) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What must be so however slow the machine is. */
const exact: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  logs: { lost: 0, torn: 0, reordered: 0 },
  stop: { left: 0 },
  crash: { orphans: 0, doubles: 0 },
};

describe('a small run of', () => {
  test.each(workloads)('$name tells every figure of promptbin', { timeout: 180_000 }, async (workload) => {
    const results = await runAll({
      workloads: [workload],
      contenders: [promptbin, bareNode],
      size: 'small',
      machine,
      log: () => undefined,
    });
    expect(results.map((result) => result.case)).toEqual(workload.cases('small').map(({ name }) => name));
    for (const { entries, figures } of results) {
      expect(entries.flatMap(({ fault }) => fault ?? [])).toEqual([]);
      const ours = entries.find(({ role }) => role === 'promptbin');
      for (const { name } of figures) {
        const [value, ...more] = ours?.samples[name] ?? [];
        expect([name, more]).toEqual([name, []]);
        expect(value).toEqual(exact[workload.name]?.[name] ?? expect.toSatisfy(Number.isFinite));
      }
    }
  });
});
