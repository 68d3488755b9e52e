import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectAgent } from '../support/agent.ts';
import { endProcessesOf } from '../support/processes.ts';

const packages = ['health', 'restart', 'fswatch', 'mcp'].map((name) => `@promptbin/plugin-${name}`);

test('with all our plugins the list of tools is at most 8 kB, schemas of answers apart, and its input schemas are flat', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-e2e-'));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  await symlink(join(import.meta.dirname, '..', '..', 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'promptbin.config.json'), JSON.stringify({ plugins: packages, processes: {} }));
  const { client } = await connectAgent(folder);
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('apply_and_wait');
  const slim = tools.map(({ outputSchema: _, ...rest }) => rest);
  expect(Buffer.byteLength(JSON.stringify({ tools: slim }))).toBeLessThanOrEqual(8000);
  for (const { name, description, inputSchema } of tools) {
    expect(description?.length, name).toBeLessThanOrEqual(160);
    // Some clients refuse what a flat object of plain values does not have.
    expect(JSON.stringify(inputSchema), name).not.toMatch(/"(?:\$ref|anyOf|oneOf|allOf)"|null/);
  }
});
