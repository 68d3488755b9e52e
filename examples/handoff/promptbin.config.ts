import { defineConfig } from '@promptbin/core';
import { restart } from '@promptbin/plugin-restart';

export default defineConfig({
  plugins: [restart()],
  processes: {
    web: {
      command: 'node server.js',
      // promptbin opens the port, and keeps it open: connections wait while the server is down.
      port: { preferred: 3000, handoff: true },
      ready: { log: 'serving' },
      restart: { backoff: { initial: '100ms' } },
    },
  },
});
