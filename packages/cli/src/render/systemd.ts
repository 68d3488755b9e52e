/** What an init system is to run. */
export interface Service {
  /** The folder of the config, absolute. */
  readonly root: string;
  /** The words of the command, the program by its absolute path. */
  readonly command: readonly string[];
  /** Where programs are looked for. */
  readonly path: string;
  /** Who it runs as when it is started for the whole machine; undefined for a service of the user's own. */
  readonly user?: string;
}

/** A unit of systemd. It asks the manager alone to end, which ends its processes in their order; what is left after that is killed. */
export function systemdUnit({ root, command, path, user }: Service): string {
  return [
    '[Unit]',
    `Description=promptbin of ${escapeSpecifiers(root)}`,
    'After=network.target',
    '',
    '[Service]',
    'Type=exec',
    ...(user === undefined ? [] : [`User=${user}`]),
    `WorkingDirectory=${escapeSpecifiers(root)}`,
    `Environment=${quote(`PATH=${path}`)}`,
    `ExecStart=${command.map(quoteWord).join(' ')}`,
    'KillMode=mixed',
    'Restart=on-failure',
    '',
    '[Install]',
    `WantedBy=${user === undefined ? 'default.target' : 'multi-user.target'}`,
    '',
  ].join('\n');
}

/** In a command line `$` begins a variable, too. */
function quoteWord(word: string): string {
  return quote(word).replaceAll('$', '$$$$');
}

function quote(text: string): string {
  const escaped = escapeSpecifiers(text).replaceAll(/["\\]/g, '\\$&');
  return /^[\w./:=@%+-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
