import { defineConfig } from '@promptbin/core';
import { health } from '@promptbin/plugin-health';
import { restart } from '@promptbin/plugin-restart';

export default defineConfig({
  plugins: [health(), restart()],
  processes: {
    web: { command: 'node server.js', port: 3000, health: { http: '/health' }, restart: { maxRestarts: 5 } },
  },
});
