import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from '../contender.ts';
import { shellLine, versionOf } from './versions.ts';

export const supervisor: Contender = {
  name: 'supervisor',
  role: 'system',
  find: async () => versionOf('supervisord', '--version'),
  plan({ command, count, restart, graceMs, output, watch }, folder) {
    if (output === 'direct' || watch !== undefined) return undefined;
    const file = join(folder, 'supervisord.conf');
    const socket = join(folder, 's');
    const log = join(folder, 'output.log');
    const text = `[supervisord]
nodaemon=true
logfile=${join(folder, 'supervisord.log')}
pidfile=${join(folder, 'supervisord.pid')}
childlogdir=${folder}
[unix_http_server]
file=${socket}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
[program:p]
command=${shellLine(command)}
numprocs=${count}
process_name=p%(process_num)d
autorestart=${restart}
startsecs=0
startretries=1000000
stopwaitsecs=${Math.max(1, Math.round(graceMs / 1000))}
stdout_logfile=${output === undefined ? 'NONE' : log}
stdout_logfile_maxbytes=0
stderr_logfile=NONE
`;
    writeFileSync(file, text);
    return {
      start: ['supervisord', '-c', file],
      stop: 'SIGTERM',
      status: ['supervisorctl', '-c', file, 'status'],
      output: log,
    };
  },
  cli: () => ({ version: ['supervisord', '--version'], help: ['supervisord', '--help'] }),
};
