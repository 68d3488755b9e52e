import type { Workload } from '../workload.ts';
import { cli } from './cli.ts';
import { crash } from './crash.ts';
import { day } from './day.ts';
import { idle } from './idle.ts';
import { logs } from './logs.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { watch } from './watch.ts';

export const workloads: readonly Workload[] = [start, restart, idle, logs, stop, crash, cli, watch, scale, day];
