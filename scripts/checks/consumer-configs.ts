/** A config of the project that installed the tarballs, and a change that a reload has to take. */
export interface ConsumerConfig {
  /** In the project. */
  readonly folder: string;
  readonly file: string;
  /** Absent when the example that the project is a copy of has it. */
  readonly text?: string;
  /** A plugin of its own, `plugin.ts` beside the config. */
  readonly plugin?: string;
  readonly change: readonly [from: string, to: string];
  /** What the reload does to each process. */
  readonly plan: Readonly<Record<string, string>>;
}

const plugins = ['@promptbin/plugin-health', '@promptbin/plugin-restart', '@promptbin/plugin-fswatch'];
const schema = '../node_modules/@promptbin/core/schema.json';

export const consumerConfigs: readonly ConsumerConfig[] = [
  {
    folder: '.',
    file: 'promptbin.config.ts',
    change: ['maxRestarts: 5', 'maxRestarts: 6'],
    plan: { web: 'update' },
  },
  {
    folder: 'json',
    file: 'promptbin.config.json',
    text: JSON.stringify({
      $schema: schema,
      plugins,
      processes: {
        web: { command: 'node ../server.js', port: 'auto', health: '/health', fswatch: '../server.js' },
        clock: { command: 'sleep 1000' },
      },
    }),
    change: ['sleep 1000', 'sleep 1001'],
    plan: { web: 'keep', clock: 'restart' },
  },
  {
    folder: 'yaml',
    file: 'promptbin.config.yaml',
    text: `# yaml-language-server: $schema=${schema}
plugins: ${JSON.stringify([...plugins, './plugin.ts'])}
processes:
  web:
    command: node ../server.js
    port: auto
    health: { http: /health, period: 5s }
    env: { COLOUR: red }
  clock:
    command: sleep 1000
`,
    plugin: `import { definePlugin, type PluginContext } from '@promptbin/core';
import * as z from 'zod';
const nothing = z.strictObject({}).optional();
export const plugin = definePlugin({ name: 'own', options: nothing, fields: nothing, setup(_: PluginContext): void {} });
`,
    change: ['COLOUR: red', 'COLOUR: blue'],
    plan: { web: 'restart', clock: 'keep' },
  },
];
