import type { Contender } from '../contender.ts';
import { bareNode } from './bare-node.ts';
import { concurrently } from './concurrently.ts';
import { floor } from './floor.ts';
import { nodemon } from './nodemon.ts';
import { overmind } from './overmind.ts';
import { pm2 } from './pm2.ts';
import { processCompose } from './process-compose.ts';
import { promptbin } from './promptbin.ts';
import { runit } from './runit.ts';
import { s6 } from './s6.ts';
import { supervisor } from './supervisor.ts';

/** All that are compared, as the tables show them. */
export const contenders: readonly Contender[] = [
  floor,
  bareNode,
  promptbin,
  pm2,
  concurrently,
  nodemon,
  supervisor,
  runit,
  s6,
  processCompose,
  overmind,
];
