import { createServer } from 'node:http';

const server = createServer((request, response) => {
  if (request.url === '/health') response.end('ok');
  else response.end(`Hello from pid ${process.pid}. Kill me, I come back.\n`);
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${process.env.PORT}`));
process.on('SIGTERM', () => server.close());
