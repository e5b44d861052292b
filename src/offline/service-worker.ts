/**
 * Caches all files of one build, so that the page works offline. It imports nothing; the build writes its id and the list
 * of its files into it (scripts/build/offline.ts) and names the result sw.js. Two builds may be in use at once: a new
 * worker waits until the last page of the old one is closed, and only then removes the old files. Names in assets/ have a
 * hash of their content, so any build's copy fits.
 */

/** The used part of the worker's types, which TypeScript keeps in a library that clashes with the page's. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { includeUncontrolled: boolean }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchLike) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent & Lasting) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

declare const __BUILD__: string;
declare const __FILES__: readonly string[];

const worker = self as unknown as Scope;
const scope = worker.registration.scope;
// Caches belong to a whole origin, which may serve several copies of the page.
const family = `lora-explorer ${scope} `;
const cacheName = family + __BUILD__;
const files = new Set(__FILES__.map((file) => new URL(file, scope).href));
const NETWORK_PATIENCE_MS = 3000;

/** The page itself is kept under the scope's address: some hosts answer "index.html" with a redirect to it. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  const page = await fetch(new Request(scope, { cache: 'reload' }));
  // While a host is being updated, page and worker may be of different builds: try again at the next visit.
  if (!page.ok || !(await page.clone().text()).includes(__BUILD__)) throw new Error('The page is of another build.');
  await cache.put(scope, page);
  await cache.addAll([...files]);
}

async function removeOldBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(family) && name !== cacheName).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

async function pageFromNetworkFirst(request: Request): Promise<Response> {
  const kept = async () => (await caches.open(cacheName)).match(scope);
  const patience = new Promise<undefined>((done) => setTimeout(done, NETWORK_PATIENCE_MS));
  const network = fetch(request);
  const first = await Promise.race([network, patience]).catch(() => undefined);
  // A failing host, or one that has lost the page, counts as offline. Redirects come with the status 0.
  return first && first.status < 400 ? first : ((await kept()) ?? network);
}

async function fileFromCacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(removeOldBuilds()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/, 1)[0] ?? '';
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate' && (address === scope || address === `${scope}index.html`)) {
    event.respondWith(pageFromNetworkFirst(request));
  } else if (files.has(request.url) || request.url.startsWith(`${scope}assets/`)) {
    event.respondWith(fileFromCacheFirst(request));
  }
});
worker.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (event.data === 'build') port?.postMessage(__BUILD__);
  // Sent by the page before it reloads: if it is the only one, the old build's files are no longer needed.
  if (event.data === 'take over') {
    const alone = worker.clients.matchAll({ includeUncontrolled: true }).then((all) => all.length <= 1);
    event.waitUntil(
      alone.then((yes) => (yes ? worker.skipWaiting() : undefined)).then(() => port?.postMessage('done')),
    );
  }
});
