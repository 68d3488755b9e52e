// Reads what it shares with promptbin: the file holds the real port, also when 3200 was taken.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { web } = JSON.parse(readFileSync(process.env.PROMPTBIN_CONFIG, 'utf8'));
const server = createServer((request, response) => {
  response.end(request.url === '/health' ? 'ok' : `${web.greeting} from port ${web.port}.\n`);
});

server.listen(web.port, '127.0.0.1', () => console.log(`listening on ${web.port}`));
process.on('SIGTERM', () => server.close());
