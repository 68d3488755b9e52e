// Makes the Python environment of the web app: `.venv` beside this file, with what web/requirements.txt pins.
// Run it as often as you like: when nothing changed it only says so. PROMPTBIN_PYTHON names the interpreter to use.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const venv = join(here, '.venv');
const lock = join(here, '.venv.lock');
const stampFile = join(venv, 'setup.json');
const requirementsFile = join(here, 'web', 'requirements.txt');

const minimum = [3, 11] as const; // the pinned filelock's
const newest = 15;
const lockTimeoutMs = 10 * 60_000;

class SetupError extends Error {}

interface Python {
  command: string;
  version: string;
  canMakeVenv: boolean;
}

let running: ChildProcess | undefined;
/** Our file in the lock, once we have it. */
let owned: string | undefined;

for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => {
    process.stderr.write(`set-up interrupted by ${signal}; the next run starts it over\n`);
    if (running?.pid) signalGroup(running.pid, 'SIGKILL');
    release();
    process.exit(128 + number);
  });
}

try {
  await main();
} catch (error) {
  // Failures of the file system carry a code, and a message that names the operation and the path.
  if (!(error instanceof SetupError || (error instanceof Error && 'code' in error))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  release();
}

async function main(): Promise<void> {
  const requirements = fs.readFileSync(requirementsFile, 'utf8');
  if (!isCurrent(requirements)) {
    await acquire();
    // Another set-up may have finished while this one waited.
    if (!isCurrent(requirements)) return await build(requirements);
  }
  process.stdout.write('.venv is up to date\n');
}

async function build(requirements: string): Promise<void> {
  const python = findPython();
  process.stdout.write(`creating .venv with Python ${python.version}\n`);
  // From nothing every time: what an interrupted or older set-up left cannot be told from what belongs.
  fs.rmSync(venv, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const made = await run(python.command, ['-m', 'venv', venv]);
  if (made.code !== 0)
    throw new SetupError(`${made.tail}\n${python.command} could not create .venv; its last lines are above.`);

  const began = performance.now();
  const pip = await run(join(venv, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-input',
    '-r',
    requirementsFile,
  ]);
  if (pip.code !== 0) {
    throw new SetupError(
      `${pip.tail}\npip could not install web/requirements.txt (its last lines are above); check the network, then run this again.`,
    );
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);

  // Last, and in one step: without it, nothing in .venv is trusted.
  fs.writeFileSync(`${stampFile}.new`, stamp(requirements));
  fs.renameSync(`${stampFile}.new`, stampFile);
  process.stdout.write(`installed ${direct(requirements)} in ${seconds} s\n`);
}

// --- Is there anything to do? Answered without starting Python. ---

function isCurrent(requirements: string): boolean {
  try {
    fs.accessSync(join(venv, 'bin', 'gunicorn'), fs.constants.X_OK);
    return fs.readFileSync(stampFile, 'utf8') === stamp(requirements);
  } catch {
    return false;
  }
}

/** Everything that .venv depends on. Throws when .venv has no interpreter. */
function stamp(requirements: string): string {
  return JSON.stringify({
    requirements: createHash('sha256').update(requirements).digest('hex'),
    requested: process.env.PROMPTBIN_PYTHON || null,
    // Scripts in .venv/bin start with this path: a moved or copied folder needs a new one.
    location: venv,
    // Changes with the minor version, whose number is also in the path of the installed packages.
    python: fs.realpathSync(join(venv, 'bin', 'python')),
    version: fs.readFileSync(join(venv, 'pyvenv.cfg'), 'utf8').match(/^version(?:_info)? *= *(\S+)/m)?.[1],
  });
}

/** `Flask 3.1.3, gunicorn 27.0.1`: the first paragraph of the requirements; the others only follow from it. */
function direct(requirements: string): string {
  const [first = ''] = requirements.split('\n\n');
  return [...first.matchAll(/^([\w.-]+)==(\S+)/gm)].map(([, name, version]) => `${name} ${version}`).join(', ');
}

// --- Which Python? ---

function findPython(): Python {
  const named = process.env.PROMPTBIN_PYTHON;
  if (named) {
    const python = probe(named);
    if (!python)
      throw new SetupError(`PROMPTBIN_PYTHON is ${JSON.stringify(named)}, which does not run as a Python interpreter.`);
    return check([python]);
  }
  const versioned = Array.from({ length: newest - minimum[1] + 1 }, (_, index) => `python3.${newest - index}`);
  const found: Python[] = [];
  for (const command of ['python3', 'python', ...versioned]) {
    const python = probe(command);
    if (python && isRecent(python) && python.canMakeVenv) return python;
    if (python) found.push(python);
  }
  return check(found);
}

function check(found: Python[]): Python {
  const needed = `Python ${minimum.join('.')} or newer`;
  const recent = found.find(isRecent);
  if (recent?.canMakeVenv) return recent;
  if (recent) {
    const [major, minor] = recent.version.split('.');
    const name = recent.command.endsWith(`${major}.${minor}`) ? `python${major}.${minor}-venv` : 'python3-venv';
    throw new SetupError(
      `${recent.command} (${recent.version}) cannot create virtual environments: ${howToInstall(name)}.`,
    );
  }
  const [old] = found;
  const problem = old ? `${old.command} is ${old.version}` : 'none was found';
  const other = found.length > 0 ? ', or name another interpreter in PROMPTBIN_PYTHON' : '';
  throw new SetupError(`${needed} is needed and ${problem}: ${howToInstall('python3 python3-venv')}${other}.`);
}

function howToInstall(packages: string): string {
  if (process.platform === 'darwin') return 'install it with "brew install python", or from python.org';
  if (process.platform === 'linux') return `on Debian or Ubuntu, install it with "sudo apt install ${packages}"`;
  return 'install it from python.org';
}

function probe(command: string): Python | undefined {
  // Spelled so that Python 2 can run it too, and say how old it is.
  const script = `
import json, platform
try:
    import ensurepip, venv
    able = True
except ImportError:
    able = False
print(json.dumps({"version": platform.python_version(), "canMakeVenv": able}))`;
  const { status, stdout } = spawnSync(command, ['-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status !== 0) return undefined;
  try {
    return { command, ...JSON.parse(stdout) };
  } catch {
    return undefined;
  }
}

function isRecent({ version }: Python): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

// --- Children ---

/** Runs to the end; keeps only the last lines of the output. */
function run(command: string, args: string[]): Promise<{ code: number; tail: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; tail: string }>();
  let output = '';
  // A group of its own, because venv runs pip in a grandchild that a signal to the child alone would not reach.
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, PIP_RETRIES: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  if (child.pid && owned) fs.writeFileSync(owned, String(child.pid));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000);
    });
  }
  const finish = (code: number): void => {
    running = undefined;
    resolve({ code, tail: output.trimEnd().split('\n').slice(-12).join('\n') });
  };
  child.on('error', (error) => {
    output += error.message;
    finish(1);
  });
  child.on('close', (code) => finish(code ?? 1));
  return promise;
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// --- One set-up at a time ---
//
// The lock is a directory that holds one file, named for its owner, with the pid of the owner's current child in it.
// The directory is moved into place with the file inside, which fails as long as another one holds a file: no moment
// exists in which the lock is taken and its owner unknown. Taking over from a dead owner renames that owner's file,
// which only one contender can do, and never hits the file of a living one.

async function acquire(): Promise<void> {
  const name = `${process.pid}-${startOf(process.pid)}-${randomBytes(4).toString('hex')}`;
  const deadline = performance.now() + lockTimeoutMs;
  for (let told = false; ; ) {
    if (moveIntoPlace(name) || takeOver(name)) {
      owned = join(lock, name);
      return;
    }
    const owner = ownerOfLock()?.split('-')[0];
    if (performance.now() > deadline) {
      throw new SetupError(
        `Another set-up (pid ${owner}) has held .venv.lock for ten minutes; remove that folder if it is none.`,
      );
    }
    if (owner && !told) {
      process.stdout.write(`waiting for another set-up (pid ${owner})\n`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function moveIntoPlace(name: string): boolean {
  const prepared = `${lock}.${name}`;
  fs.mkdirSync(prepared);
  try {
    fs.writeFileSync(join(prepared, name), '');
    fs.renameSync(prepared, lock); // replaces an empty directory only
    return true;
  } catch (error) {
    fs.rmSync(prepared, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function takeOver(name: string): boolean {
  const owner = ownerOfLock();
  if (!owner) return false;
  const [pid, start] = owner.split('-');
  if (startOf(Number(pid)) === start) return false;
  try {
    // Killed without a chance to stop its child, which may still be writing to .venv: let it end.
    const child = Number(fs.readFileSync(join(lock, owner), 'utf8'));
    if (child && signalGroup(child, 0)) return false;
    fs.renameSync(join(lock, owner), join(lock, name));
    return true;
  } catch {
    return false; // another contender was faster
  }
}

function ownerOfLock(): string | undefined {
  try {
    return fs.readdirSync(lock)[0];
  } catch {
    return undefined; // released since
  }
}

/** Tells a process from a later one with the same pid where the system allows it; undefined when there is none. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // After the name, which may hold spaces and brackets: state is field 3, the start time field 22.
      const fields = fs
        .readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : undefined;
  }
}

function release(): void {
  if (!owned) return;
  fs.rmSync(owned, { force: true });
  owned = undefined;
  try {
    fs.rmdirSync(lock);
  } catch {
    // The next owner has moved in already.
  }
}
