import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const executablePath = '/usr/bin/chromium';

export const hasBrowser: boolean = existsSync(executablePath);

/** A page of a real browser with a fresh profile; it is gone when the test ends. */
export async function openPage(url: string, options: { colorScheme?: 'light' | 'dark' } = {}): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'promptbin-browser-'));
  let browser: BrowserContext | undefined;
  onTestFinished(async () => {
    await browser?.close();
    await rm(profile, { recursive: true, force: true });
  });
  browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    ...options,
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.goto(url);
  return page;
}
