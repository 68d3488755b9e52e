export { type ConnectOptions, connect, type ManagerConnection } from './control/client.ts';
export type { ManagerRecord } from './control/record.ts';
export type { LineQuery, ManagerSource, ManagerStatus } from './control/source.ts';
