// A small static server for dist/: GET and HEAD, one folder, the headers of policy.mjs.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createPlainServer } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';
import { HEADERS } from './policy.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file below `root` for the path of a request, or null: no way leads out of the folder, and hidden files stay hidden.
 * @param {string} root @param {string} url */
export function fileOf(root, url) {
  let path;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
  } catch {
    return null;
  }
  if (!path.startsWith('/') || /[\0\\]|\/[._]/.test(path)) return null;
  const file = resolve(join(root, path.endsWith('/') ? `${path}index.html` : path));
  return file.startsWith(resolve(root) + sep) ? file : null;
}

/** Answers one request.
 * @param {string} root @param {Record<string, string>} headers
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function answer(root, headers, request, response) {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = fileOf(root, request.url ?? '/');
  const found = file ? await stat(file).catch(() => null) : null;
  if (!file || !found?.isFile()) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : 'There is no such file.\n');
    return;
  }
  // Files in assets/ have a hash of their content in their names; all others may change.
  const hashed = file.startsWith(resolve(root, 'assets') + sep);
  const tag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': found.size,
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file, { end: Math.max(found.size - 1, 0) })
      .on('error', () => response.destroy())
      .pipe(response);
}

/** A server for `root` that does not listen yet. Tests pass other headers.
 * @param {string} root @param {Record<string, string>} [headers] */
export function staticServer(root, headers = HEADERS) {
  const server = createServer((request, response) => {
    answer(root, headers, request, response).catch(() => response.destroy());
  });
  server.maxConnections = 256;
  server.requestTimeout = 30_000;
  return server;
}

/** Opens `port` of one address; resolves to whether it was free. An address that this machine lacks counts as free.
 * @param {import('node:net').Server} server @param {number} port @param {string} host @returns {Promise<boolean>} */
function open(server, port, host) {
  return new Promise((done, fail) => {
    const refused = (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(false);
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') done(true);
      else fail(error);
    };
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      done(true);
    });
  });
}

/** Listens on localhost, on the first free port from `port` on; resolves to that port. "localhost" is two addresses, and
 * another program's port on one of them would show its page to some browsers.
 * @param {import('node:http').Server} server @param {number} port @returns {Promise<number>} */
export async function listen(server, port) {
  const last = Math.min(port + 50, 65535);
  for (let at = port; at <= last; at++) {
    const second = createPlainServer((socket) => server.emit('connection', socket));
    if (!(await open(second, at, '::1'))) continue;
    if (await open(server, at, '127.0.0.1')) {
      server.once('close', () => second.close());
      return at;
    }
    second.close();
  }
  throw new Error(`ports ${port} to ${last} are taken`);
}
