import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { parse } from 'smol-toml';
import { afterEach, describe, expect, test } from 'vitest';
import { bin } from '../../src/bin.ts';
import { ownCommand } from '../../src/control/own-command.ts';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
}

async function entryFor(client: string, ...flags: string[]): Promise<Entry> {
  const { stdout, stderr, code } = await project.run('mcp', '--print-config', client, ...flags);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Paste this into .+:$/m);
  const settings = client === 'codex' ? parse(stdout) : JSON.parse(stdout);
  const [servers] = Object.values(settings) as { promptbin: Entry }[];
  if (servers === undefined) throw new Error('no servers');
  return servers.promptbin;
}

describe('mcp --print-config', () => {
  test.for([
    ['claude', 'mcpServers'],
    ['cursor', 'mcpServers'],
    ['vscode', 'servers'],
  ])('prints an entry for %s', async ([client = '', key = '']) => {
    project = await Project.create({});
    const { stdout } = await project.run('mcp', '--print-config', client);
    expect(JSON.parse(stdout)).toHaveProperty([key, 'promptbin', 'command']);
  });

  test('prints what starts the server wherever it is started', async () => {
    project = await Project.create({ web: { command: fixture('server'), port: 'auto' } });
    for (const client of ['claude', 'codex']) {
      const { command, args } = await entryFor(client, '--readonly');
      const agent = new Client({ name: 'test', version: '1' });
      await agent.connect(new StdioClientTransport({ command, args: [...args], cwd: '/', stderr: 'ignore' }));
      const { structuredContent } = await agent.callTool({ name: 'list_processes', arguments: {} });
      expect(structuredContent).toMatchObject({ processes: [{ name: 'web' }] });
      const { tools } = await agent.listTools();
      expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
      await agent.close();
    }
  });

  test('passes on what was chosen, and refuses a client that it does not know', async () => {
    project = await Project.create({});
    const { args } = await entryFor('claude', '--toolsets', 'admin, input', '--set', 'web.port=0');
    expect(args.slice(args.indexOf('mcp'))).toEqual([
      ...['mcp', '--project', project.root, '--set=web.port=0', '--toolsets', 'admin,input'],
    ]);
    const { code, stderr } = await project.run('mcp', '--print-config', 'emacs');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Allowed choices are claude, vscode, cursor, codex')]);
  });

  test('says promptbin only where that name leads to this one', async () => {
    project = await Project.create({});
    expect(ownCommand('')).toEqual([process.execPath, bin]);
    const other = join(project.root, 'bin');
    await mkdir(other);
    await writeFile(join(other, 'promptbin'), '');
    expect(ownCommand([other, project.root].join(delimiter))).toEqual([process.execPath, bin]);
  });
});

describe('mcp doctor', () => {
  test('does what a client does, and says what works', async () => {
    project = await Project.create({ web: { command: fixture('server'), port: 'auto' } });
    await writeFile(join(project.root, '.mcp.json'), '{"mcpServers":{"promptbin":{"command":"promptbin"}}}');
    await mkdir(join(project.root, '.vscode'));
    const settings =
      '{\n  // ours, see https://example.org\n  "servers": { "promptbin": { "command": "promptbin" }, },\n}\n';
    await writeFile(join(project.root, '.vscode', 'mcp.json'), settings);
    const { code, stdout } = await project.run('mcp', 'doctor', '--json');
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { check: string; text: string }[] };
    expect([code, ok]).toEqual([0, true]);
    expect(findings.map(({ check }) => check)).toEqual([
      ...['config', '.mcp.json', '.vscode/mcp.json', 'handshake', 'processes', 'tools', 'stdout'],
    ]);
    expect(findings.find(({ check }) => check === 'processes')?.text).toMatch(
      /of 1 process ready.*; started for this check, and stopped when it ends$/,
    );
  });

  test('says what is wrong, and has exit code 1', async () => {
    project = await Project.create({ web: { command: fixture('server'), prot: 1 } as never });
    await mkdir(join(project.root, '.cursor'));
    await writeFile(join(project.root, '.cursor', 'mcp.json'), '{"mcpServers":{}}');
    const { code, stdout } = await project.run('mcp', 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ config: .*prot/s);
    expect(stdout).toContain('✖ .cursor/mcp.json: does not start promptbin; see promptbin mcp --print-config');
    // The server itself answers, whatever the config is.
    expect(stdout).toMatch(/✔ handshake: answered after \d+ ms/);
    expect(stdout).toMatch(/✖ processes: .*prot/s);
  });
});
