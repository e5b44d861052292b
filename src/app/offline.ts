/** Registers the service worker and reports a newer build. It never reloads the page by itself. */

const CHECK_EVERY_MS = 60 * 60 * 1000;
const ANSWER_WITHIN_MS = 2000;

/** Sends a question to a service worker; undefined if it does not answer in time. */
function ask(worker: ServiceWorker, question: 'build' | 'take over'): Promise<unknown> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => done(event.data);
    setTimeout(() => done(undefined), ANSWER_WITHIN_MS);
    worker.postMessage(question, [port2]);
  });
}

/** Offers `worker`'s build unless the page is of that build already (index.html comes from the network first). */
async function offer(worker: ServiceWorker, onNewVersion: (reload: () => void) => void): Promise<void> {
  const own = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content;
  const build = await ask(worker, 'build');
  if (typeof build !== 'string' || build === own) return;
  onNewVersion(() => {
    ask(worker, 'take over').then(() => location.reload());
  });
}

async function register(onNewVersion: (reload: () => void) => void): Promise<void> {
  const registration = await navigator.serviceWorker.register('sw.js', { updateViaCache: 'none' });
  const watch = (worker: ServiceWorker | null) => {
    // The very first worker replaces nothing.
    if (!worker || !registration.active) return;
    const checkWorker = () => worker.state === 'installed' && offer(worker, onNewVersion);
    worker.addEventListener('statechange', checkWorker);
    checkWorker();
  };
  watch(registration.waiting ?? registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));

  let checked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || !navigator.onLine || Date.now() - checked < CHECK_EVERY_MS) return;
    checked = Date.now();
    registration.update().catch(() => {});
  });
}

/**
 * Makes the page work offline if possible: in a production build, a secure context, and no sandboxed frame (origin
 * "null", where even reading navigator.serviceWorker throws). Otherwise, and on failure, the page simply needs a
 * network.
 */
export function startOffline(onNewVersion: (reload: () => void) => void): void {
  if (!import.meta.env.PROD || !isSecureContext || self.origin === 'null' || !('serviceWorker' in navigator)) return;
  register(onNewVersion).catch(() => {});
}
