/** An `import` of this module would load its web clients, too: some 25 ms at the start of every manager. */
export const http: typeof import('node:http') = process.getBuiltinModule('node:http');
