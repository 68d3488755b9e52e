import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { bin } from '../bin.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { launchdPlist } from '../render/launchd.ts';
import { type Service, systemdUnit } from '../render/systemd.ts';
import { configRoot, projectArguments } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { ServiceOptions } from './options.ts';

/** What is printed, and what to do with it. */
interface Recipe {
  readonly text: string;
  readonly steps: readonly string[];
}

/** Prints what an init system needs to run the project's manager at boot. Changes nothing. */
export async function serviceInstall(options: ServiceOptions, invocation: Invocation): Promise<ExitCode> {
  const { out, err, json } = invocation;
  const root = await configRoot(invocation);
  const init = options.init ?? (process.platform === 'darwin' ? 'launchd' : 'systemd');
  const service: Service = {
    root,
    // By whole paths: what starts at boot has no shell of anybody.
    command: [process.execPath, bin, ...projectArguments(invocation, root), 'up'],
    path: process.env.PATH ?? '',
    ...(options.system && { user: userInfo().username }),
  };
  const name = `promptbin-${basename(root).replaceAll(/[^\w.-]+/g, '-')}`;
  const { text, steps } = init === 'systemd' ? forSystemd(name, service) : forLaunchd(name, service);
  if (json) out.json({ version: 1, ok: true, init, name, text, steps });
  else {
    out.write(text);
    for (const line of ['Save this as the file of the first line, then run the others:', ...steps]) err.note(line);
  }
  return exitCodes.done;
}

function forSystemd(name: string, service: Service): Recipe {
  const unit = `${name}.service`;
  const text = systemdUnit(service);
  if (service.user !== undefined) {
    const steps = [
      `/etc/systemd/system/${unit}`,
      'sudo systemctl daemon-reload',
      `sudo systemctl enable --now ${unit}`,
    ];
    return { text, steps };
  }
  const steps = [
    `~/.config/systemd/user/${unit}`,
    'systemctl --user daemon-reload',
    `systemctl --user enable --now ${unit}`,
    // Else it ends with the last session of its user, and begins with the first.
    'loginctl enable-linger',
  ];
  return { text, steps };
}

function forLaunchd(name: string, service: Service): Recipe {
  const label = `dev.promptbin.${name}`;
  const text = launchdPlist(label, service);
  const file =
    service.user === undefined ? `~/Library/LaunchAgents/${label}.plist` : `/Library/LaunchDaemons/${label}.plist`;
  const [sudo, domain] = service.user === undefined ? ['', 'gui/$(id -u)'] : ['sudo ', 'system'];
  return { text, steps: [file, `${sudo}launchctl bootstrap ${domain} ${file}`] };
}
