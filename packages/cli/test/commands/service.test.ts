import { userInfo } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { launchdPlist } from '../../src/render/launchd.ts';
import { systemdUnit } from '../../src/render/systemd.ts';
import { bin, Project } from '../project.ts';

let project: Project | undefined;
afterEach(() => project?.[Symbol.asyncDispose]());

test('a unit of systemd runs this promptbin in this project, and stderr tells what to do with it', async () => {
  project = await Project.create({ web: { command: 'sleep 60' } });
  const own = await project.run('service', 'install', '--for', 'systemd', '--set', 'web.autostart=false');
  expect(own.code).toBe(0);
  expect(own.stdout).toContain(
    `ExecStart=${process.execPath} ${bin} --project ${project.root} --set=web.autostart=false up\n`,
  );
  expect(own.stdout).toContain(`WorkingDirectory=${project.root}\n`);
  expect(own.stdout).toMatch(/\[Install\]\nWantedBy=default\.target\n$/);
  expect(own.stderr).toMatch(/~\/\.config\/systemd\/user\/promptbin-.*\.service\nsystemctl --user daemon-reload\n/);
  const { text, steps } = JSON.parse(
    (await project.run('service', 'install', '--for', 'systemd', '--system', '--json')).stdout,
  );
  expect(text).toContain(`User=${userInfo().username}\n`);
  expect(text).toContain('WantedBy=multi-user.target\n');
  expect(steps[0]).toMatch(/^\/etc\/systemd\/system\/promptbin-.*\.service$/);
});

test('without a config there is nothing to run', async () => {
  project = await Project.create({});
  await project.configure('', 'json');
  expect((await project.run('--project', '/proc', 'service', 'install')).code).toBe(2);
});

const odd = {
  root: '/srv/50% off',
  command: ['/usr/bin/node', 'a b', 'say "$HOME"', '100%'],
  path: '/usr/bin:/opt/a b',
};

test('what means something to systemd is written so that it does not', () => {
  const unit = systemdUnit(odd);
  expect(unit).toContain('WorkingDirectory=/srv/50%% off\n');
  expect(unit).toContain('ExecStart=/usr/bin/node "a b" "say \\"$$HOME\\"" 100%%\n');
  expect(unit).toContain('Environment="PATH=/usr/bin:/opt/a b"\n');
  expect(unit).not.toContain('User=');
});

test('what means something to XML is written so that it does not', () => {
  const plist = launchdPlist('dev.promptbin.a', { ...odd, command: ['/usr/bin/node', '<a> & "b"'], user: 'ada' });
  expect(plist).toContain('    <string>&lt;a&gt; &amp; "b"</string>\n');
  expect(plist).toContain('<key>UserName</key><string>ada</string>');
  expect(plist.match(/<(?!\/|\?|!)[^/>]+>/g)).toHaveLength(plist.match(/<\/[^>]+>/g)?.length ?? 0);
});
