import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findOutdated, generated } from '../checks/generated.ts';

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('a generated file that is missing or out of date is told, one that is current is not', () => {
  const root = mkdtempSync(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [[current, render], [old]] = Object.entries(generated) as [[string, () => string], [string, () => string]];
  write(root, current, render());
  write(root, old, '{}\n');
  const outdated = findOutdated(root);
  expect(outdated).toEqual(
    Object.keys(generated)
      .filter((file) => file !== current)
      .map((file) => `${file} is out of date: run "pnpm generate"`),
  );
  expect(outdated.length).toBeGreaterThan(1);
});
