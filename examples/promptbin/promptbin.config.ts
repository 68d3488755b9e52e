import { join } from 'node:path';
import { defineConfig } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { health } from '@promptbin/plugin-health';
import { mcp } from '@promptbin/plugin-mcp';
import { restart } from '@promptbin/plugin-restart';

const venv = join(import.meta.dirname, '.venv', 'bin');

export default defineConfig({
  plugins: [health(), restart(), fswatch(), mcp()],
  processes: {
    // Makes the virtual environment; fast when nothing has changed.
    setup: { kind: 'job', command: [process.execPath, 'setup.ts'] },
    web: {
      command: [join(venv, 'gunicorn'), '--config', 'gunicorn.conf.py', 'app:app'],
      cwd: 'web',
      port: 5000,
      dependsOn: { setup: 'completed' },
      // gunicorn waits for requests in flight, and up to 5 s for connections that have not sent one yet.
      stop: { grace: '15s' },
      health: { http: '/health' },
      restart: { maxRestarts: 5, window: '60s' },
      fswatch: { paths: ['web'], include: ['**/*.{py,html,css,js}'], ignore: ['tests/**'] },
    },
  },
});
