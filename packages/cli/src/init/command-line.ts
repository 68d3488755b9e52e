import type { Candidate, Port } from './candidate.ts';
import type { Folder } from './folder.ts';
import { pythonFiles, unbuffered } from './python-folder.ts';

/** What only a shell understands, in a line that was written for one. */
const forShell = /[$`|&;<>*?~#\\!(){}[\]]|^\s*\w+=|^\s*(?:cd|source|export|exec|\.)\s/;
const pythonProgram =
  /^(python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|flask|celery|rq|huey_consumer|dramatiq)$/;
const reloading = /\s--(reload|debug|watch|hot)\b|\bmanage\.py\s+runserver\b/;

type Part = Pick<Candidate, 'command' | 'shell' | 'env' | 'watch'>;

/** A line that another tool runs by a shell, with programs of the folder's own environment found where they are. */
export function adoptLine(line: string, folder: Folder): Part {
  const command = withLocalProgram(line, folder);
  const [program = ''] = line.trim().split(/\s+/);
  const isPython = pythonProgram.test(program);
  const include = isPython ? pythonFiles : program === 'node' ? ['**/*.{js,mjs,cjs}'] : undefined;
  return {
    command,
    ...(forShell.test(line) && { shell: true }),
    ...(isPython && { env: unbuffered }),
    ...(include !== undefined &&
      !reloading.test(line) && { watch: { include, why: `${program} does not reload by itself` } }),
  };
}

/** The port in a line that names one itself. */
export function portInLine(line: string, file: string): Port | undefined {
  const [, number] =
    /(?:\s(?:-p|--port|-b|--bind)[\s=]+(?:[\w.[\]:]*:)?|\brunserver\s+(?:[\w.]+:)?)(\d{2,5})\b/.exec(line) ?? [];
  return number === undefined ? undefined : { number: Number(number), fixed: true, why: `${file} has it written in` };
}

function withLocalProgram(line: string, folder: Folder): string {
  const [, program] = /^([\w.-]+)(?:\s|$)/.exec(line) ?? [];
  if (program === undefined) return line;
  const place = ['.venv/bin', 'venv/bin', 'node_modules/.bin'].find((bin) => folder.has(`${bin}/${program}`));
  return place === undefined ? line : `${place}/${line}`;
}
