// Runs programs: this project's own tools with the current Node, and others by name.

import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Programs of the packages, as files for Node: no shell, and no lookup on the path. */
const TOOLS = {
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  tsc: 'node_modules/typescript/bin/tsc',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  playwright: 'node_modules/@playwright/test/cli.js',
};

/**
 * Runs a program with this process's output. Resolves to its exit code: 127 if not found, 124 if stopped after `limit` s.
 * @param {string} program @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, limit?: number, quiet?: boolean }} [options] @returns {Promise<number>}
 */
export function run(program, args, { env = {}, limit = 0, quiet = false } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', quiet ? 'ignore' : 'inherit'],
    });
    let late = false;
    const timer = limit
      ? setTimeout(() => {
          late = true;
          console.log(`Ended after ${limit} s without a result.`);
          child.kill('SIGTERM');
          setTimeout(() => child.kill('SIGKILL'), 5000).unref();
        }, limit * 1000)
      : undefined;
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      done(late ? 124 : code);
    };
    child.on('error', () => end(127));
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs one of this project's tools.
 * @param {keyof typeof TOOLS} name @param {readonly string[]} args @param {Parameters<typeof run>[2]} [options] */
export function tool(name, args, options) {
  return run(process.execPath, [resolve(PROJECT, TOOLS[name]), ...args], options);
}

/** Runs npm: the one that started this process, otherwise the one on the path.
 * @param {readonly string[]} args */
export function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args]);
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args]) : run('npm', args);
}
