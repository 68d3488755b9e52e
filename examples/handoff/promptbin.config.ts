import { defineConfig } from '@promptbin/core';
import { restart } from '@promptbin/plugin-restart';

export default defineConfig({
  plugins: [restart()],
  processes: {
    web: {
      command: 'node server.js',
      // promptbin opens the port, and keeps it open: connections wait while the server is down.
      // On a restart, the server of before serves until the new one is ready.
      port: { preferred: 3000, handoff: true, overlap: true },
      ready: { log: 'serving' },
      restart: { backoff: { initial: '100ms' } },
    },
  },
});
