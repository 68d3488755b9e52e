import { describe, expect, it } from 'vitest';
import { findKillCount, readKillCount } from '../../src/resources/kill-count.ts';
import { fixtureRoot } from './fixture-root.ts';

const vmstat = 'nr_free_pages 1\noom_kill 7\n';

describe("the kernel's count of kills", () => {
  it('is that of the control group, version 2', async () => {
    const root = await fixtureRoot({
      'proc/42/cgroup': '0::/app.slice/web\n',
      'sys/fs/cgroup/app.slice/web/memory.events': 'low 0\noom 4\noom_kill 3\noom_group_kill 1\n',
      'proc/vmstat': vmstat,
    });
    const file = '/sys/fs/cgroup/app.slice/web/memory.events';
    expect(findKillCount(42, root)).toEqual({ file, scope: 'cgroup', kills: 3, groupKills: 1 });
  });

  it('is that of the control group, version 1, beside an empty version 2', async () => {
    const root = await fixtureRoot({
      'proc/42/cgroup': '9:name=systemd:/\n4:cpu,memory:/docker/abc\n0::/\n',
      'sys/fs/cgroup/memory/docker/abc/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    });
    const file = '/sys/fs/cgroup/memory/docker/abc/memory.oom_control';
    expect(findKillCount(42, root)).toEqual({ file, scope: 'cgroup', kills: 2, groupKills: 0 });
  });

  it('is that of the group at the top, when the path is that of the host', async () => {
    const root = await fixtureRoot({
      'proc/42/cgroup': '0::/host/path/of/a/container\n',
      'sys/fs/cgroup/memory.events': 'oom_kill 5\n',
    });
    expect(findKillCount(42, root)).toMatchObject({ file: '/sys/fs/cgroup/memory.events', kills: 5 });
  });

  it('is that of the machine when no group tells', async () => {
    const root = await fixtureRoot({
      'proc/42/cgroup': '4:memory:/web\n0::/\n',
      // A kernel before 4.13.
      'sys/fs/cgroup/memory/web/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\n',
      'proc/vmstat': vmstat,
    });
    expect(findKillCount(42, root)).toEqual({ file: '/proc/vmstat', scope: 'machine', kills: 7, groupKills: 0 });
  });

  it('is unknown where nothing tells, and when its file is gone', async () => {
    const root = await fixtureRoot({});
    expect(findKillCount(42, root)).toBeUndefined();
    expect(readKillCount({ file: '/sys/fs/cgroup/web/memory.events', scope: 'cgroup' }, root)).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('can be read on this machine', () => {
    expect(findKillCount(process.pid)?.kills).toBeGreaterThanOrEqual(0);
  });
});
