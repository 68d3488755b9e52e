import type { Service } from './systemd.ts';

/** How long the manager may take to end its processes, s. */
const exitTimeout = 90;

/** A property list of launchd. */
export function launchdPlist(label: string, { root, command, path, user }: Service): string {
  const words = command.map((word) => `    <string>${escapeXml(word)}</string>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...entry('Label', label),
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...words,
    '  </array>',
    ...entry('WorkingDirectory', root),
    ...(user === undefined ? [] : entry('UserName', user)),
    '  <key>EnvironmentVariables</key>',
    `  <dict><key>PATH</key><string>${escapeXml(path)}</string></dict>`,
    '  <key>RunAtLoad</key><true/>',
    '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    `  <key>ExitTimeOut</key><integer>${exitTimeout}</integer>`,
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

function entry(key: string, text: string): readonly string[] {
  return [`  <key>${key}</key><string>${escapeXml(text)}</string>`];
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
