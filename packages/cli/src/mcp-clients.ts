/** How a program starts the server. */
export interface McpEntry {
  readonly command: string;
  readonly args: readonly string[];
}

export interface McpClient {
  /** The file of a project that holds the entry, relative to its folder; absent when the client has none. */
  readonly file?: string;
  /** For people. */
  readonly place: string;
  /** The key under which the file lists servers. */
  readonly key: string;
  entry(entry: McpEntry): string;
}

const server = 'promptbin';

const asJson =
  (key: string, more: object = {}) =>
  (entry: McpEntry): string =>
    JSON.stringify({ [key]: { [server]: { ...more, ...entry } } }, undefined, 2);

/** The clients whose settings we know, by the names that `--print-config` takes. */
export const mcpClients: Readonly<Record<'claude' | 'vscode' | 'cursor' | 'codex', McpClient>> = {
  claude: {
    file: '.mcp.json',
    place: '.mcp.json of the project (Claude Code), or claude_desktop_config.json (Claude Desktop)',
    key: 'mcpServers',
    entry: asJson('mcpServers'),
  },
  vscode: {
    file: '.vscode/mcp.json',
    place: '.vscode/mcp.json of the project',
    key: 'servers',
    entry: asJson('servers', { type: 'stdio' }),
  },
  cursor: {
    file: '.cursor/mcp.json',
    place: '.cursor/mcp.json of the project, or ~/.cursor/mcp.json',
    key: 'mcpServers',
    entry: asJson('mcpServers'),
  },
  codex: {
    place: '~/.codex/config.toml',
    key: 'mcp_servers',
    // A string of JSON is one of TOML, too.
    entry: ({ command, args }) =>
      [
        `[mcp_servers.${server}]`,
        `command = ${JSON.stringify(command)}`,
        `args = [${args.map((arg) => JSON.stringify(arg)).join(', ')}]`,
      ].join('\n'),
  },
};
