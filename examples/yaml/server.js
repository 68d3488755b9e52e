import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const page = readFileSync('dist/page.txt', 'utf8');
const server = createServer((request, response) => {
  response.end(request.url === '/health' ? 'ok' : page);
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${process.env.PORT}`));
process.on('SIGTERM', () => server.close());
