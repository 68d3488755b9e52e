import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { connectAgent } from './support/agent.ts';
import { hasBrowser, openPage } from './support/browser.ts';
import { copyExample, setUpPython } from './support/example.ts';
import { type Prompt, startWeb } from './support/prompts.ts';

beforeAll(setUpPython, 180_000);

const patience = { timeout: 30_000 };

/** The titles of the prompts that a page shows. */
const titlesOf = (page: Page): Promise<string[]> => page.locator('.card h2').allInnerTexts();

/** Sets a mark on the page that a reload would wipe out. */
const mark = (page: Page): Promise<void> => page.evaluate('window.mark = "set"');

async function expectNoReload(page: Page): Promise<void> {
  expect(await page.evaluate('window.mark')).toBe('set');
}

if (!hasBrowser) console.log('Left out: what a browser shows. It needs the Debian package chromium.');

test.runIf(hasBrowser)(
  'an open page shows what agents write, without a reload, and keeps search, text and focus',
  async () => {
    const folder = await copyExample();
    const agent = await connectAgent(folder);
    const url = await startWeb(agent);
    const create = async (title: string, tags: readonly string[] = []): Promise<Prompt> =>
      (await agent.call<Prompt>('create_prompt', { title, body: 'text', tags })).facts;

    const page = await openPage(url);
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    await mark(page);
    expect(await titlesOf(page)).toEqual([]);
    const first = await create('First');
    await expect.poll(() => titlesOf(page), patience).toEqual(['First']);

    // The focus stays where it is, and so does what is being typed.
    await page.locator('.card h2 a').focus();
    await create('Second');
    await expect.poll(() => titlesOf(page), patience).toEqual(['Second', 'First']);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('First');
    await page.locator('input[type=search]').fill('half a wo');
    await agent.call('delete_prompt', { id: first.id });
    await expect.poll(() => titlesOf(page), patience).toEqual(['Second']);
    expect(await page.locator('input[type=search]').inputValue()).toBe('half a wo');
    await expectNoReload(page);

    await page.goto(`${url}/?q=text&tag=work`);
    await mark(page);
    await create('Found', ['work']);
    await create('Elsewhere', ['home']);
    await expect.poll(() => page.locator('.heading').textContent(), patience).toContain('1 of 3');
    expect(await titlesOf(page)).toEqual(['Found']);
    expect(new URL(page.url()).search).toBe('?q=text&tag=work');
    await expectNoReload(page);
    expect(faults).toEqual([]);
    await agent.client.close();
  },
);

test.runIf(hasBrowser)('a page that is open while the app restarts goes on; a form is left alone', async () => {
  const folder = await copyExample();
  const agent = await connectAgent(folder);
  const url = await startWeb(agent);
  const { facts } = await agent.call<Prompt>('create_prompt', { title: 'Before', body: 'text' });
  const page = await openPage(url);
  await mark(page);
  await expect.poll(() => titlesOf(page), patience).toEqual(['Before']);
  expect((await agent.call('restart_process', { name: 'web', timeoutSec: 50 })).facts.url).toBe(url);
  await agent.call('update_prompt', { id: facts.id, title: 'After' });
  await expect.poll(() => titlesOf(page), patience).toEqual(['After']);
  await expectNoReload(page);

  const form = await page.context().newPage();
  await form.goto(`${url}/prompts/${facts.id}/edit`);
  await form.locator('#title').fill('Mine');
  await agent.call('update_prompt', { id: facts.id, title: 'Theirs' });
  await page.bringToFront();
  await expect.poll(() => titlesOf(page), patience).toEqual(['Theirs']);
  expect(await form.locator('#title').inputValue()).toBe('Mine');
  await agent.client.close();
});

test.runIf(hasBrowser)('a page that gets no stream of events looks by itself', async () => {
  const folder = await copyExample();
  const agent = await connectAgent(folder);
  const url = await startWeb(agent);
  const others = await Promise.all(Array.from({ length: 4 }, () => fetch(`${url}/events`)));
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const page = await openPage(url);
  await mark(page);
  await agent.call('create_prompt', { title: 'Late', body: 'text' });
  await expect.poll(() => titlesOf(page), patience).toEqual(['Late']);
  await expectNoReload(page);
  expect((await fetch(`${url}/events`)).status).toBe(503);
  await Promise.all(others.map(({ body }) => body?.cancel()));
  await agent.client.close();
});

test.runIf(hasBrowser)('a hidden page does nothing, and looks when it is seen again', async () => {
  const folder = await copyExample();
  const agent = await connectAgent(folder);
  const url = await startWeb(agent);
  const [hidden, seen] = [await openPage(url), await openPage(url)];
  // A headless browser hides no page.
  const turn = (isHidden: boolean): Promise<void> =>
    hidden.evaluate(`
      Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
  await agent.call('create_prompt', { title: 'Day', body: 'text' });
  await expect.poll(() => titlesOf(hidden), patience).toEqual(['Day']);
  await turn(true);
  const requests: string[] = [];
  hidden.on('request', (request) => requests.push(request.url()));
  await agent.call('create_prompt', { title: 'Night', body: 'text' });
  await expect.poll(() => titlesOf(seen), patience).toEqual(['Night', 'Day']);
  expect(await titlesOf(hidden)).toEqual(['Day']);
  expect(requests).toEqual([]);
  await turn(false);
  await expect.poll(() => titlesOf(hidden), patience).toEqual(['Night', 'Day']);
  await agent.client.close();
});
