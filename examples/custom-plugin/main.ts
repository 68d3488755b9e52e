// Tries the plugin: a process waits while maintenance is on, and comes up when it is off. Fails when that is not so.

import assert from 'node:assert/strict';
import { createManager, defineConfig } from '@promptbin/core';
import { maintenance } from './maintenance.ts';

const config = defineConfig({
  plugins: [maintenance({ retry: '50ms' })],
  processes: {
    web: { command: [process.execPath, '--eval', 'setInterval(() => {}, 1000)'], maintenance: 'wait' },
  },
});

await using manager = await createManager(config, { root: import.meta.dirname, log: false });
using _ = manager.on('maintenance.changed', ({ data }) => console.log(`maintenance is ${data.on ? 'on' : 'off'}`));
const web = manager.process('web');

assert.equal(await setMaintenance(true), 'Maintenance is on.');
const started = web.start();
const { waitingFor } = await web.until(({ waitingFor }) => waitingFor !== undefined);
assert.deepEqual(waitingFor, ['the end of maintenance']);
console.log(`web waits for ${waitingFor}`);

assert.equal(await setMaintenance(false), 'Maintenance is off.');
assert.equal((await started).phase, 'running');
console.log('web is up');

const [command] = (await manager.commands()).filter(({ tool }) => tool === 'set_maintenance');
assert.equal(command?.name, 'maintenance.set');

async function setMaintenance(on: boolean): Promise<string> {
  const result = await manager.call('maintenance.set', { on }, { caller: 'example' });
  assert(result.ok);
  return (result.value as { summary: string }).summary;
}
