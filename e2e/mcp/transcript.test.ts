import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Agent, connectAgent, type Facts } from '../support/agent.ts';
import { setUpPython } from '../support/example.ts';
import { endProcessesOf } from '../support/processes.ts';

const here = import.meta.dirname;
const page = join(here, '..', '..', 'docs', 'mcp-transcript.md');
const packages = ['health', 'fswatch', 'mcp'].map((name) => `@promptbin/plugin-${name}`);

const broken = `import os

from flask import Flask

app = Flask(__name__)
settings = {"title": "Notes"}


@app.get("/health")
def health():
    return {"status": "healthy"}


@app.get("/")
def index():
    return settings["title"]


if __name__ == "__main__":
    print("This is", settings["titel"])
    app.run(port=int(os.environ["PORT"]))
`;

beforeAll(setUpPython, 300_000);

async function makeProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-e2e-'));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true });
  });
  await symlink(join(here, '..', '..', 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(here, '..', '..', 'examples', 'promptbin', '.venv'), join(folder, '.venv'));
  const web = { command: ['.venv/bin/python', 'app.py'], port: 'auto', health: { http: '/health' }, fswatch: {} };
  const config = { plugins: packages, processes: { web } };
  await writeFile(join(folder, 'promptbin.config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'app.py'), broken);
  return folder;
}

/** What an agent has called and read, as it stands in the docs: without what differs from one day to the next. */
class Transcript {
  readonly #agent: Agent;
  readonly #folder: string;
  #text = '';

  constructor(agent: Agent, folder: string) {
    this.#agent = agent;
    this.#folder = folder;
  }

  say(text: string): void {
    this.#text += `${text}\n\n`;
  }

  async call(tool: string, input: Record<string, unknown>): Promise<Facts> {
    const { facts, text, isError } = await this.#agent.call(tool, input);
    // What follows a summary as JSON is for clients that show no structured content.
    // Which part of a line has failed is marked by some versions of Python only.
    const shown = text.split('\n').filter((line) => !line.startsWith('{') && !/^[\s~^]+$/.test(line));
    const answer = [...(isError ? ['isError: true'] : []), ...shown].map((line) => `  ${line}`).join('\n');
    this.#text += `\`\`\`text\n${tool} ${JSON.stringify(input)}\n→\n${this.#tidy(answer)}\n\`\`\`\n\n`;
    return facts;
  }

  toString(): string {
    return this.#text;
  }

  #tidy(text: string): string {
    return text
      .replaceAll(this.#folder, '/srv/notes')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:5000')
      .replaceAll(/pid \d+/g, 'pid 4411')
      .replaceAll(/up \d+ s/g, 'up 0 s')
      .replaceAll(/after \d+ ms/g, 'after 120 ms');
  }
}

test('an agent finds, mends and proves a fault in three calls; the docs show just that', async () => {
  const folder = await makeProject();
  const agent = await connectAgent(folder);
  onTestFinished(() => agent.client.close());
  const transcript = new Transcript(agent, folder);

  transcript.say('A Flask app that has never been started. One call says that it fails, where, and why:');
  expect(await transcript.call('start_process', { name: 'web' })).toMatchObject({
    phase: 'failed',
    cause: { code: 'exception', message: "app.py line 20: KeyError: 'titel'" },
  });

  transcript.say('The agent corrects line 20 and asks for the verdict, also of what was wrong before:');
  await writeFile(join(folder, 'app.py'), broken.replace('titel', 'title'));
  expect(await transcript.call('apply_and_wait', { name: 'web' })).toMatchObject({ met: true });

  transcript.say('Some edits later:');
  await writeFile(
    join(folder, 'app.py'),
    broken.replace('titel', 'title').replace('return settings', 'return setings'),
  );
  expect(await transcript.call('apply_and_wait', { name: 'web' })).toMatchObject({ met: true });
  const { url = '' } = (await agent.call('get_process', { name: 'web' })).facts;
  expect((await fetch(url)).status).toBe(500);

  transcript.say(
    'It is up, and yet a page fails. What it has written tells why; its many other lines are not in the way:',
  );
  await transcript.call('read_logs', { name: 'web', grep: 'NameError|setings' });
  await writeFile(join(folder, 'app.py'), broken.replace('titel', 'title'));
  expect(await transcript.call('apply_and_wait', { name: 'web' })).toMatchObject({ met: true });

  transcript.say('And at the end of the day:');
  await transcript.call('stop_process', { name: 'web' });

  const head = await readFile(join(here, 'transcript-head.md'), 'utf8');
  await expect(`${head}\n${String(transcript).trimEnd()}\n`).toMatchFileSnapshot(page);
});
