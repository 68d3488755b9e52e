import { describe, expect, test } from 'vitest';
import { expectValid, folder, processesOf } from './folder.ts';

const script = (text: string, more: object = {}): string => JSON.stringify({ scripts: { dev: text }, ...more });

describe('a tool with a server of its own', () => {
  test('Vite is told its port and its host', async () => {
    const project = await folder({ 'package.json': script('vite'), 'pnpm-lock.yaml': '' });
    expect(processesOf(project)).toBe(`# Vite: package.json has the script "dev": vite.
web:
  command: pnpm run dev --port {port} --host {host} --strictPort # by pnpm, because of pnpm-lock.yaml
  port: 5173 # Vite's default; the next free one when it is taken
`);
    await expectValid(project);
  });

  test('Next.js is told its port, and asked on the route file that it has', async () => {
    const project = await folder({ 'package.json': script('next dev --turbo'), 'app/api/health/route.ts': '' });
    expect(processesOf(project)).toBe(`# Next.js: package.json has the script "dev": next dev --turbo.
web:
  command: npm run dev -- --port {port}
  port: 3000 # Next.js's default; the next free one when it is taken
  health: /api/health # app/api/health/route.ts is that route
`);
    await expectValid(project);
  });

  test.each([
    ['nuxt dev', 'Nuxt', 3000, '--port {port} --host {host}'],
    ['astro dev', 'Astro', 4321, '--port {port} --host {host}'],
    ['remix vite:dev', 'Remix', 5173, '--port {port} --host {host} --strictPort'],
    ['react-router dev', 'React Router', 5173, '--port {port} --host {host} --strictPort'],
    ['vite dev', 'Vite', 5173, '--port {port} --host {host} --strictPort'],
    ['cross-env A=1 tsc && vite --open', 'Vite', 5173, '--port {port} --host {host} --strictPort'],
    ['NODE_ENV=x npx vite', 'Vite', 5173, '--port {port} --host {host} --strictPort'],
    ['ng serve', 'Angular', 4200, '--port {port} --host {host}'],
    ['webpack serve', 'webpack', 8080, '--port {port} --host {host}'],
  ])('%s is %s, whatever comes before it', async (text, kind, port, flags) => {
    const project = await folder({ 'package.json': script(text), 'yarn.lock': '' });
    expect(
      processesOf(project),
    ).toBe(`# ${kind}: package.json has the script "dev": ${text.replace(/^.*(?=vite --open|vite$)/, '')}.
web:
  command: yarn run dev ${flags} # by yarn, because of yarn.lock
  port: ${port} # ${kind}'s default; the next free one when it is taken
`);
  });

  test.each([
    ['vite --port 4000', '{ preferred: 4000, strict: true } # the script "dev" sets it'],
    ['vite & tsc -w', "{ preferred: 5173, strict: true } # Vite's default"],
    ['tsc -w | vite', "{ preferred: 5173, strict: true } # Vite's default"],
    ['next dev -p $PORT', "3000 # Next.js's default; the next free one when it is taken"],
  ])('gets no flags that it cannot take: %s', async (text, port) => {
    const written = processesOf(await folder({ 'package.json': script(text) }));
    expect(written).toContain('command: npm run dev\n');
    expect(/port: (.*)/.exec(written)?.[1]).toBe(port);
  });

  test('Create React App opens no browser and takes PORT', async () => {
    const project = await folder({ 'package.json': JSON.stringify({ scripts: { start: 'react-scripts start' } }) });
    expect(processesOf(project)).toBe(`# Create React App: package.json has the script "start": react-scripts start.
web:
  command: npm run start
  env: { BROWSER: none } # it would open a browser at each start
  port: 3000 # Create React App's default; the next free one when it is taken
`);
  });
});

describe('a package manager', () => {
  test.each([
    ['npm run dev -- ', { 'package-lock.json': '' }],
    ['pnpm run dev ', { 'pnpm-lock.yaml': '' }],
    ['yarn run dev ', { 'yarn.lock': '' }],
    ['bun run dev ', { 'bun.lock': '' }],
    ['npm run dev -- ', {}],
  ])('%s for %o', async (command, files) => {
    expect(processesOf(await folder({ 'package.json': script('next dev'), ...files }))).toContain(
      `command: ${command}--port`,
    );
  });

  test('is the one that package.json names, whatever lock file is left from another', async () => {
    const project = await folder({
      'package.json': script('vite', { packageManager: 'pnpm@10.1.0' }),
      'yarn.lock': '',
    });
    expect(processesOf(project)).toContain('command: pnpm run dev ');
  });
});

describe('a script that runs a file', () => {
  const express = { dependencies: { express: '5' } };

  test('Express on PORT, restarted when its files change', async () => {
    const project = await folder({
      'package.json': JSON.stringify({ scripts: { start: 'node server.js' }, ...express }),
      'server.js': "app.get('/health', ok)\napp.listen(process.env.PORT || 4000)\n",
    });
    expect(processesOf(project)).toBe(`# Express: package.json has the script "start": node server.js.
web:
  command: node server.js # what the script "start" runs
  port: 4000 # server.js takes it from PORT; the next free one when it is taken
  health: /health # server.js has that route
  fswatch: { include: [ "**/*.{js,mjs,cjs,ts}" ] } # it does not reload by itself
`);
    await expectValid(project);
  });

  test.each([['nodemon src/index.ts'], ['node --watch src/index.ts'], ['tsx watch src/index.ts']])(
    '%s reloads by itself',
    async (text) => {
      const project = await folder({ 'package.json': script(text), 'src/index.ts': 'app.listen(process.env.PORT)' });
      const written = processesOf(project);
      expect(written).toContain('port: 3000 #');
      expect(written).not.toContain('fswatch');
    },
  );

  test('a port that is written in is strict', async () => {
    const project = await folder({ 'package.json': script('node .'), 'index.js': 'createServer(f).listen(8123)' });
    expect(processesOf(project)).toContain('port: { preferred: 8123, strict: true } # index.js has it written in\n');
  });

  test('a file that listens nowhere has no port, and a note', async () => {
    const project = await folder({ 'package.json': script('node worker.js'), 'worker.js': 'setInterval(f, 1)' });
    expect(processesOf(project)).toBe(`# Node: package.json has the script "dev": node worker.js.
# No port was found in its sources: add "port" if it listens on one.
web:
  command: node worker.js # what the script "dev" runs
  fswatch: { include: [ "**/*.{js,mjs,cjs,ts}" ] } # it does not reload by itself
`);
  });

  test('goes through the package manager when something runs before it', async () => {
    const scripts = { prestart: 'tsc', start: 'node server.js' };
    const project = await folder({ 'package.json': JSON.stringify({ scripts }), 'server.js': '' });
    expect(processesOf(project)).toContain('command: npm run start\n');
  });

  test('no health check on a router that can be mounted elsewhere', async () => {
    const project = await folder({
      'package.json': script('node server.js'),
      'server.js': "app.use('/api', router)\napp.listen(process.env.PORT)",
      'routes.js': "router.get('/health', ok)",
    });
    expect(processesOf(project)).not.toContain('health:');
  });
});

test('any other dev script is run as it is', async () => {
  const project = await folder({ 'package.json': script('tsc --watch') });
  expect(processesOf(project)).toBe(`# package script: package.json has the script "dev": tsc --watch.
dev:
  command: npm run dev
`);
  await expectValid(project);
});

test('a script that runs promptbin is not run by promptbin', async () => {
  expect(processesOf(await folder({ 'package.json': script('promptbin up') }))).toContain('example:');
});
