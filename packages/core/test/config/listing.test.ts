import { expect, test } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { formatIssues } from '../../src/config/listing.ts';
import { loadConfig, project, resolveConfig } from './project.ts';

const issue: ConfigIssue = {
  code: 'PB_CONFIG_INVALID',
  path: 'processes.web.prot',
  message: 'processes.web has an unknown key "prot".',
  hint: 'Did you mean "port"?',
  file: '/project/base/web.json',
  line: 3,
  column: 5,
  frame: '> 3 |     "prot": 1\n    |     ^',
};

test('a mistake is shown with its place, its hint and its lines', () => {
  expect(formatIssues([issue], { root: '/project' })).toBe(
    `base/web.json:3:5  processes.web has an unknown key "prot". Did you mean "port"?
  > 3 |     "prot": 1
      |     ^`,
  );
  expect(formatIssues([issue])).toContain('/project/base/web.json:3:5  processes');
});

test('colors set the place and the hint apart', () => {
  const [line] = formatIssues([issue], { root: '/project', color: true }).split('\n');
  expect(line).toBe(
    '\u001B[36mbase/web.json:3:5\u001B[39m  processes.web has an unknown key "prot". \u001B[2mDid you mean "port"?\u001B[22m',
  );
});

test('of more than five mistakes no lines are shown', () => {
  const five = Array.from({ length: 5 }, () => issue);
  expect(formatIssues(five).split('\n')).toHaveLength(15);
  expect(formatIssues([...five, issue]).split('\n')).toHaveLength(6);
});

test('a mistake of the command line, and one without a place', () => {
  const { file: _, line: __, column: ___, frame: ____, ...bare } = issue;
  expect(formatIssues([bare])).toBe('processes.web has an unknown key "prot". Did you mean "port"?');
  expect(formatIssues([{ ...bare, option: '--set web.prot=1' }])).toMatch(/^--set web\.prot=1 {2}processes\.web has/);
});

test('the error of a config lists its mistakes by file and place, with the lines around', async () => {
  const root = await project({
    'promptbin.config.yaml': 'extends: ./base.json\nprocesses:\n  web:\n    port: fast\n    kind: x\n',
    'base.json': '{\n  "processes": {\n    "web": { "comand": "x" }\n  }\n}\n',
  });
  const { config, ...at } = await loadConfig({ from: root, set: ['web.cwd=5'] });
  const fault = await resolveConfig(config, at).catch((e) => e);
  expect(fault.message).toBe(
    `${root}/promptbin.config.yaml has 5 mistakes:
  base.json:3:14  processes.web has an unknown key "comand". Did you mean "command"?
      1 | {
      2 |   "processes": {
    > 3 |     "web": { "comand": "x" }
        |              ^
      4 |   }
      5 | }
  promptbin.config.yaml:3:3  processes.web.command is missing.
      1 | extends: ./base.json
      2 | processes:
    > 3 |   web:
        |   ^
      4 |     port: fast
      5 |     kind: x
  promptbin.config.yaml:4:11  processes.web.port is "fast", expected a port from 0 to 65535, "auto" or an object.
      2 | processes:
      3 |   web:
    > 4 |     port: fast
        |           ^
      5 |     kind: x
      6 |
  promptbin.config.yaml:5:11  processes.web.kind is "x", expected "service" or "job".
      3 |   web:
      4 |     port: fast
    > 5 |     kind: x
        |           ^
      6 |
  --set web.cwd=5  processes.web.cwd is 5, expected a text.`,
  );
});
