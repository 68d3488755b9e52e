import { posix } from 'node:path';
import type { Candidate, Suggestion } from './candidate.ts';
import { joinCompose } from './compose.ts';
import { Folder, type Skipped } from './folder.ts';
import { detectNode } from './node.ts';
import { detectOthers } from './others.ts';
import { findPlaces, type Place } from './places.ts';
import { detectProcfile } from './procfile.ts';
import { detectPython } from './python.ts';
import { isPackage } from './python-modules.ts';

export interface Detection {
  readonly candidates: readonly Candidate[];
  readonly suggestions: readonly Suggestion[];
  /** What is there and was not taken. */
  readonly skipped: readonly Skipped[];
}

/** What a folder and the usual folders below it seem to run. Reads files and starts nothing. */
export function detect(location: string): Detection {
  const project = new Folder(location);
  const below = findPlaces(project).flatMap((place) => detectIn(place, project, false));
  const own = detectIn({ folder: project, isMember: false }, project, below.length > 0);
  const lines = detectProcfile(project);
  const found = lines === undefined ? [...own, ...below] : preferProcfile(lines, [...own, ...below], project);
  return { ...joinCompose(project, found), skipped: project.skipped };
}

function detectIn({ folder, isMember }: Place, project: Folder, isAboveOthers: boolean): readonly Candidate[] {
  const isOwn = folder === project;
  const isOfParent = !isOwn && isPackage(folder, posix.basename(folder.path));
  const node = detectNode(folder, { project, isAboveOthers, isMember });
  return [
    ...(isOfParent ? [] : detectPython(folder, project)),
    ...(node === undefined ? [] : [node]),
    ...detectOthers(folder),
  ];
}

/** A Procfile says what its project runs: what was found besides may be the same under another name. */
function preferProcfile(
  lines: readonly Candidate[],
  others: readonly Candidate[],
  project: Folder,
): readonly Candidate[] {
  for (const { folder, kind } of others) {
    const what = folder === '.' ? kind : `${kind} in ${folder}`;
    project.skip(what, 'left to the Procfile, which says what runs here');
  }
  return lines;
}
