import type { PluginContext } from '@promptbin/core';
import type { FilePlan } from './settings.ts';

export type Context = PluginContext<unknown, FilePlan, never>;
