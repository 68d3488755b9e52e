/** Why a manager ends that was started for MCP clients only. Not a wish of anyone: the next client starts another. */
export const noClientsReason = 'no MCP client is left';

/** Under this name a client keeps an ephemeral manager. */
export const mcpClient = 'mcp';

export interface ClientWatchOptions {
  /** From the last client that left to the end, ms. Default 2 s: a client that restarts finds its manager again. */
  readonly graceMs?: number;
  /** How long the first client may take to come, ms. Default 30 s. */
  readonly firstMs?: number;
}

/** Calls `end` when no client has come in time, or when the last has been gone for the grace. Gives what a client joins by. */
export function watchClients(
  end: () => void,
  { graceMs = 2000, firstMs = 30_000 }: ClientWatchOptions = {},
): (client: string) => Disposable {
  let present = 0;
  let timer = setTimeout(end, firstMs);
  return (client) => {
    if (client !== mcpClient) return { [Symbol.dispose]() {} };
    present += 1;
    clearTimeout(timer);
    return {
      [Symbol.dispose]() {
        present -= 1;
        if (present === 0) timer = setTimeout(end, graceMs);
      },
    };
  };
}
