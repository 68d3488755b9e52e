import { join, resolve } from 'node:path';
import { defineConfig } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { health } from '@promptbin/plugin-health';
import { mcp } from '@promptbin/plugin-mcp';
import { restart } from '@promptbin/plugin-restart';
import { prompts } from './prompts/index.ts';

const venv = join(import.meta.dirname, '.venv', 'bin');
// The app writes prompts there, and so do agents.
const data = resolve(import.meta.dirname, process.env.PROMPTBIN_DATA_DIR || 'data');

export default defineConfig({
  plugins: [health(), restart(), fswatch(), mcp(), prompts({ folder: data })],
  // The manager acts by this, and the app reads it as JSON: web/settings.py.
  shared: {
    flask: { port: 5000, debug: false, host: '127.0.0.1' },
    // gunicorn waits for requests in flight, and up to 5 s for connections that have not sent one yet.
    mcp: { health_check_interval: 10, restart_threshold: 3, shutdown_timeout: 15 },
    logging: { level: 'INFO', format: 'json' },
  },
  processes: {
    // Makes the virtual environment; fast when nothing has changed.
    setup: { kind: 'job', command: [process.execPath, 'setup.ts'] },
    web: {
      // Its port and host; the real ones are written there before each start.
      shared: 'flask',
      // Its port stays open while it is down: nobody is refused by a restart, or a crash.
      port: { handoff: true },
      command: [join(venv, 'gunicorn'), '--config', 'gunicorn.conf.py', 'app:app'],
      cwd: 'web',
      env: { PROMPTBIN_DATA_DIR: data },
      dependsOn: { setup: 'completed' },
      // What is not said here, such as the period, comes from `shared.mcp`.
      health: {
        startup: { http: '/health', period: '250ms' },
        readiness: { http: { path: '/health', json: { status: 'healthy' } } },
        // A worker that hangs still accepts connections: only an answer tells that it lives.
        liveness: { http: '/health', timeout: '5s' },
        // A leak or a runaway request ends in a restart, not in a machine that swaps. Both are far above what it needs.
        memory: { max: '512mb', for: '30s' },
        cpu: { max: 180, for: '2m' },
      },
      fswatch: [
        { paths: ['web'], include: ['**/*.{py,html,css,js}'], ignore: ['tests/**'] },
        // Open pages show what agents write; the plugin `prompts` tells agents what the app writes.
        { paths: [data], include: ['*.json'], action: { post: '/changed' } },
      ],
    },
  },
});
