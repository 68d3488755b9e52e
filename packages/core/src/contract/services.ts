/** Who listens on a TCP port, as far as the platform tells. */
export type Listener =
  | { readonly kind: 'ours'; readonly pid: number }
  | { readonly kind: 'stranger'; readonly pid?: number; readonly command?: string }
  | { readonly kind: 'nobody' }
  /** Somebody listens, and the platform cannot say who (not Linux). */
  | { readonly kind: 'unknown' };

export interface NetworkService {
  /** Who listens on `port`, seen from the process `name`: its own tree, a stranger, or nobody. */
  listener(name: string, port: number): Promise<Listener>;
  /** Pids of the process's tree: its group and stamped descendants. Empty when it is down. */
  tree(name: string): Promise<readonly number[]>;
}
