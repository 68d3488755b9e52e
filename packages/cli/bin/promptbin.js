#!/usr/bin/env node
// Plain JavaScript that any Node can parse: an old one gets one clear line instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 19)) {
  console.error(`promptbin needs Node 24.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 2;
} else {
  // Compiled code is kept in the temporary folder: half the time to start. Not at the end alone: a manager may be killed.
  const { enableCompileCache, flushCompileCache } = await import('node:module');
  enableCompileCache();
  setTimeout(flushCompileCache, 5000).unref();
  // By the package's own name, so that the workspace runs the sources and the tarball runs what was built from them.
  const { main } = await import('promptbin/main');
  await main(process.argv.slice(2));
}
