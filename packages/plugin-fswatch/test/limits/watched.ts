// watched.ts FOLDER: manages a process that watches FOLDER, and prints what is told of it, one JSON text a line.
import { createManager, defineConfig } from '@promptbin/core';
import { fswatch } from '../../src/index.ts';

const [folder = '.'] = process.argv.slice(2);
const config = defineConfig({
  plugins: [fswatch()],
  processes: { web: { command: ['sleep', '60'], fswatch: { include: ['*.py'], action: 'notify' } } },
});
const manager = await createManager(config, { root: folder, log: false });
const say = ({ data }: { readonly data: unknown }): void => console.log(JSON.stringify(data));
manager.on('files.polling', say);
manager.on('files.changed', say);
manager.on('files.watchFault', say);
await manager.start();
await manager.process('web').until('ready');
console.log('"up"');
process.stdin.resume().once('end', () => void manager.close());
