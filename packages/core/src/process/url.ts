/** Where a browser finds it. A wildcard address cannot be visited; a bare IPv6 address needs brackets. */
export function urlOf(host: string, port: number): string {
  const visited = visitedHost(host);
  return `http://${visited.includes(':') ? `[${visited}]` : visited}:${port}`;
}

/** The address to open of what listens on `host`. */
export function visitedHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
