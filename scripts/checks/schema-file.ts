import { configJsonSchema, type Plugin } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { health } from '@promptbin/plugin-health';
import { mcp } from '@promptbin/plugin-mcp';
import { restart } from '@promptbin/plugin-restart';

/** Path in the repository. */
export const schemaFile = 'packages/core/schema.json';

export const officialPlugins: readonly Plugin[] = [health(), restart(), fswatch(), mcp()];

/** The text of the schema for editors: core and the plugins of this project. */
export function renderSchemaFile(): string {
  return `${JSON.stringify(configJsonSchema(officialPlugins), null, 2)}\n`;
}
