// Installs, builds and serves the page, then waits for Ctrl-C.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, tool } from './command.mjs';
import { ensurePackages } from './packages.mjs';
import { listen, staticServer } from './serve.mjs';

const FIRST_PORT = 4173;
const DIST = join(PROJECT, 'dist');

/** @param {string} sentence @returns {never} */
function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** @param {readonly string[]} args */
function readFlags(args) {
  const flags = { port: FIRST_PORT, build: true, open: true };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = /** @type {[string, string | undefined]} */ ((args[i] ?? '').split('='));
    if (name === '--no-build') flags.build = false;
    else if (name === '--no-open') flags.open = false;
    else if (name === '--port') {
      const value = inline ?? args[++i] ?? '';
      flags.port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
      if (flags.port < 1 || flags.port > 65535) giveUp(`--port needs a number from 1 to 65535, not "${value}".`);
    } else giveUp(`Unknown option ${name}. There are: --port N, --no-build, --no-open.`);
  }
  return flags;
}

/** Opens the address in a browser; it is printed in any case, so failure is fine.
 * @param {string} address */
function openBrowser(address) {
  const { CI, DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
  const native = process.platform === 'darwin' || process.platform === 'win32';
  if (!process.stdout.isTTY || CI || SSH_CONNECTION || !(native || DISPLAY || WAYLAND_DISPLAY)) return;
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  spawn(/** @type {string} */ (program), args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** @param {readonly string[]} args */
export async function showPage(args) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => process.exit(0));
  const flags = readFlags(args);
  if (flags.build) {
    await ensurePackages();
    console.log('Building the page …');
    const code = await tool('vite', ['build', '--logLevel', 'warn']);
    if (code !== 0) giveUp(`The build failed (its own words are above; exit code ${code}).`);
  }
  if (!existsSync(join(DIST, 'index.html'))) giveUp('There is no built page in dist/. Run this without --no-build.');

  const port = await listen(staticServer(DIST), flags.port).catch((error) =>
    giveUp(`No free port from ${flags.port} on could be opened (${error.message}). Choose another with --port N.`),
  );
  if (port !== flags.port) console.log(`Port ${flags.port} is taken, so another one is used.`);
  const address = `http://localhost:${port}/`;
  console.log(`LoRA Explorer is running; Ctrl-C ends it.\n${address}`);
  if (flags.open) openBrowser(address);
}
