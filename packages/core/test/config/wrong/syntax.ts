import type { Wrong } from './table.ts';

export const syntaxMistakes: readonly Wrong[] = [
  {
    name: 'JSON with several slips',
    files: {
      'promptbin.config.json': `{
  // the web
  "processes": {
    "web": { "command": "x" "port": 3000 },
    'api': {},
  }
}
`,
    },
    says: [
      'promptbin.config.json:2:3  JSON takes no comments.',
      'promptbin.config.json:4:29  Expected a comma before this.',
      "promptbin.config.json:5:5  Expected JSON, not 'api'. Text and keys stand in double quotes.",
      'promptbin.config.json:6:3  JSON takes no comma before "}".',
    ],
  },
  {
    name: 'JSON with a key twice',
    files: {
      'promptbin.config.json': '{\n  "processes": {\n    "web": {},\n    "web": {}\n  }\n}\n',
    },
    says: ['promptbin.config.json:4:5  The key "web" is here twice.'],
  },
  {
    name: 'JSON that ends too soon',
    files: { 'promptbin.config.json': '{ "processes": {' },
    says: ['promptbin.config.json:1:17  Expected a comma or "}".'],
  },
  {
    name: 'JSON that only JSON.parse refuses',
    files: { 'promptbin.config.json': '{ "processes": {}, "a": "one\ttab" }\n' },
    says: ['promptbin.config.json:1:25  This character cannot stand in a text; write it as an escape.'],
  },
  {
    name: 'YAML with several slips',
    files: {
      'promptbin.config.yaml': `processes:
  web:
    command: node: server.js
  web:
    port: 1
env:
\tA: b
`,
    },
    says: [
      'promptbin.config.yaml:3:14  A second key cannot stand here: put a text with a colon in quotes, or the key into the next line, deeper.',
      'promptbin.config.yaml:4:3  This key is here twice.',
      'promptbin.config.yaml:7:1  YAML is indented by spaces, and here is a tab.',
    ],
  },
  {
    name: 'YAML with an alias of nothing',
    files: { 'promptbin.config.yaml': 'processes:\n  web: *node\n' },
    says: ['promptbin.config.yaml:2:8  "*node" stands for nothing: no "&node" comes before it.'],
  },
  {
    name: 'YAML with a tag that means nothing',
    files: { 'promptbin.config.yaml': 'processes: !Map {}\n' },
    says: ['promptbin.config.yaml:1:12  Unresolved tag: !Map.'],
  },
  {
    name: 'YAML of two documents',
    files: { 'promptbin.config.yaml': 'processes: {}\n---\nprocesses: {}\n' },
    says: ['promptbin.config.yaml:2:1  A config is one document, and here begins a second one.'],
  },
  {
    name: 'YAML that is empty',
    files: { 'promptbin.config.yaml': '# later\n' },
    says: ['promptbin.config.yaml::  it is empty.  Write at least "processes".'],
  },
  {
    name: 'JSON that is empty',
    files: { 'promptbin.config.json': '\n' },
    says: ['promptbin.config.json::  it is empty.  Write at least "processes".'],
  },
  {
    name: 'a package.json with a slip',
    files: { 'package.json': '{ "promptbin": { "processes": {} }, }\n' },
    says: ['package.json:1:37  JSON takes no comma before "}".'],
  },
  {
    name: 'TypeScript with a slip',
    files: { 'promptbin.config.ts': 'export default {\n  processes: {\n    web: : {},\n  },\n};\n' },
    says: ['promptbin.config.ts:3:10  Expression expected.'],
  },
  {
    name: 'JavaScript with a slip, in an extended file',
    files: {
      'promptbin.config.json': '{ "extends": "./base.mjs" }\n',
      'base.mjs': 'export default {\n  processes {},\n};\n',
    },
    says: ["base.mjs:2:13  Unexpected token '{'."],
  },
  {
    name: 'TypeScript that has to be compiled',
    files: { 'promptbin.config.ts': 'enum Mode { dev }\nexport default { processes: {} };\n' },
    says: ['promptbin.config.ts:1:1  TypeScript enum is not supported in strip-only mode.'],
  },
  {
    name: 'TypeScript that ends too soon',
    files: { 'promptbin.config.ts': 'export default {\n  processes: {},\n' },
    says: [
      'promptbin.config.ts:2:17  Unexpected token `<eof>`. Expected identifier, string literal, numeric literal or [ for the computed key.',
    ],
  },
];
