// Serves on PORT with its pid; SIGUSR1 makes it write 4 MiB as fast as it can.
import { createServer } from 'node:http';

const line = `${'noise '.repeat(20)}\n`;
createServer((_, response) => response.end(String(process.pid))).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGUSR1', () => {
  for (let bytes = 0; bytes < 4 * 2 ** 20; bytes += line.length) process.stdout.write(line);
});
