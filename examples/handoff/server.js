import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  response.setHeader('connection', 'close');
  response.end(`Hello from pid ${process.pid}. Kill me, and nobody is refused.\n`);
});

// Handed over as systemd does: descriptor 3, if it is meant for this process. By itself it opens the port.
const { LISTEN_FDS, LISTEN_PID, PORT = '3000' } = process.env;
const isHandedOver = LISTEN_FDS === '1' && LISTEN_PID === String(process.pid);
server.listen(isHandedOver ? { fd: 3 } : { port: Number(PORT), host: '127.0.0.1' }, () => console.log('serving'));

// What has been accepted is answered first.
process.on('SIGTERM', () => server.close(() => process.exit(0)));
