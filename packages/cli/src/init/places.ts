import { posix } from 'node:path';
import type { Folder } from './folder.ts';

const usual = ['backend', 'frontend', 'web', 'api', 'server', 'client', 'app', 'src'];
const workspaces = ['apps', 'packages'];
const mostMembers = 100;

export interface Place {
  readonly folder: Folder;
  /** One of many, such as `packages/ui`. */
  readonly isMember: boolean;
}

/** The folders below a project where its parts usually stand, each once, whatever links lead to it. */
export function findPlaces(project: Folder): readonly Place[] {
  const members = workspaces.flatMap((name) => {
    const names = [...(project.folder(name)?.names ?? [])].filter((member) => !member.startsWith('.')).sort();
    if (names.length > mostMembers)
      project.skip(name, `holds more than ${mostMembers} folders: the others were not looked at`);
    return names.slice(0, mostMembers).map((member) => posix.join(name, member));
  });
  const seen = new Map([[project.realPath, '.']]);
  return [...usual, ...members].flatMap((name) => {
    const folder = project.folder(name);
    if (folder === undefined) return [];
    const other = seen.get(folder.realPath);
    if (other !== undefined) {
      project.skip(name, `leads to ${other === '.' ? 'the project itself' : other}`);
      return [];
    }
    seen.set(folder.realPath, name);
    return [{ folder, isMember: members.includes(name) }];
  });
}
