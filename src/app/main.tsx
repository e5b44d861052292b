import { createRoot } from 'react-dom/client';
import { keepTeaching } from '../class/app/teaching.ts';
import { createBridge } from '../engine/bridge/bridge.ts';
import { isHand, isNetwork } from '../experiment/settings/bounds.ts';
import type { PageEvent } from '../state/events.ts';
import { loadFailureNotice, noticeEvent, RELOAD } from '../state/notices.ts';
import { initialPage, labStore, type Page, updatePage } from '../state/page.ts';
import { isAdapters, isLab } from '../state/places.ts';
import { createStore, type State } from '../state/state.ts';
import { App, lazyScreen } from '../ui/app.tsx';
import { PictureType } from '../ui/looks/theme.tsx';
import { lazyPart, PageProvider } from '../ui/page.tsx';
import { engineChoice, engineChoiceNotice, openLink } from './address.ts';
import { createAddressBar } from './address-bar.ts';
import { createInterface, type LoraExplorer } from './page-interface.ts';
import { runWithPart } from './parts.ts';
import { awaitsNote, firstView, isReturning, placesNote, startTour } from './tour.ts';
import { updateWorker } from './wire.ts';
import { startWorker } from './worker.ts';

declare global {
  interface Window {
    loraExplorer: LoraExplorer;
  }
}

const VERSION: string = import.meta.env.VITE_APP_VERSION;
const CALM_MS = 250;

/**
 * Redraws with the display, after pending messages: the message that a run has ended follows its last frame, and its
 * readers do not wait for the picture. Four times per second if reduced motion is requested.
 */
function later(redraw: () => void): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) setTimeout(redraw, CALM_MS);
  else setTimeout(() => requestAnimationFrame(redraw));
}

const page = createStore(initialPage(engineChoice(location.search)), updatePage, later);
const store = labStore(page, page.state().sessions[0].session);
const bridge = createBridge({
  start: startWorker,
  receive: (message) => page.dispatch({ type: 'engine', message }),
});
let reload = () => location.reload();
let keepNow = async () => {};
const notLoaded = () => store.dispatch(loadFailureNotice());

const addressBar = createAddressBar();
/** The page when the worker was last updated, while a lesson does not need it. */
let untold: Page | null = null;
page.react((now, before) => {
  if (now.sessions[0].reads) untold ??= before;
  else {
    updateWorker(bridge, now, untold ?? before);
    untold = null;
  }
});
store.react(addressBar.follow);
page.react((now, _before, event) => {
  if (event.type !== 'command') return;
  const { command, session = now.sessions[0].session } = event;
  // Not by a part that has to be loaded: that may be what failed.
  if (command === 'reload') return void keepNow().then(reload);
  const lab = labStore(page, session);
  void runWithPart(import('./commands.ts'), ({ carryOut }) => carryOut(command, lab, VERSION), lab.dispatch, command);
});
store.react((now, before) => {
  if (now.editor === null || before.editor !== null) return;
  import('./drafts/measure-drafts.ts').then(({ measureDrafts }) => measureDrafts(store, notLoaded), notLoaded);
});
store.react(({ view, experiment }, _before, { type }) => {
  if (type !== 'opened' || !isLab(view) || !view.run || view.repeat <= 1) return;
  store.dispatch({ type: 'sweep', sweep: { does: 'repeat', experiment, seeds: view.repeat } });
});

/** Loads a part once, when the lab begins to need it; after a failed load, when it needs it again. */
function loadOnNeed<P>(
  needs: (state: State) => boolean,
  load: () => Promise<P>,
  start: (part: P, event: PageEvent) => void,
  failed = notLoaded,
): void {
  let loaded = false;
  store.react((now, before, event) => {
    if (loaded || !needs(now) || needs(before)) return;
    loaded = true;
    const again = () => {
      loaded = false;
      failed();
    };
    load().then((part) => start(part, event), again);
  });
}

loadOnNeed(
  // A hand-in holds the answers that were kept.
  ({ view, panel }) => view.lesson !== '' || panel?.name === 'handin',
  () => import('./lesson-progress.ts'),
  ({ storeProgress }) => void storeProgress(store),
  () => {},
);
loadOnNeed(
  ({ compare, view, panel }) => compare.pins.length > 0 || view.compare !== '' || panel?.name === 'inits',
  () => import('./compare/compare.ts'),
  ({ watchPins }) => watchPins(store),
);
loadOnNeed(
  ({ panel }) => panel?.name === 'share-owl',
  () => Promise.all([import('./owl/watch-owl.ts'), import('./pool.ts')]),
  ([{ watchOwl }, { pagePool }]) => watchOwl(store, () => pagePool(store)),
);
loadOnNeed(
  ({ sweep }) => sweep.repeated?.going === true,
  () => import('./sweep/watch-repeats.ts'),
  ({ watchRepeats }) => watchRepeats(store),
);
loadOnNeed(
  ({ view, sweep }) => view.view === 'sweep' || sweep.going !== null,
  () => import('./sweep/watch-sweep.ts'),
  ({ watchSweep }, { type }) => watchSweep(store, VERSION, type === 'opened'),
);
loadOnNeed(
  ({ fights }) => fights.waiting.length > 0,
  () => import('./compare/runs-beside.ts'),
  ({ watchFights }) => watchFights(store),
);
loadOnNeed(
  ({ run }) => !!run.ready?.network,
  () => import('./compare/runs-beside.ts'),
  ({ watchFullRuns, watchPaths }) => {
    watchFullRuns(store);
    watchPaths(store);
  },
);
loadOnNeed(
  ({ experiment }) => isHand(experiment),
  () => import('./opening/own-hand.ts'),
  ({ keepHand }) => void keepHand(store),
);
loadOnNeed(
  ({ view }) => view.view === 'wall',
  () => import('../class/app/watch-wall.ts'),
  ({ watchWall }) => watchWall(store),
);
document.addEventListener('visibilitychange', () => store.dispatch({ type: 'hidden', hidden: document.hidden }));
if (document.hidden) store.dispatch({ type: 'hidden', hidden: true });

const returning = parent === window && awaitsNote() ? isReturning() : null;
startTour(store);
if (parent === window) keepTeaching(store);

let addresses = 0;

async function openAddress(trained = false): Promise<void> {
  const mine = ++addresses;
  const { event } = await openLink(location.hash, store.state().drawings);
  // Two quick steps through the history may be read in another order.
  if (mine !== addresses) return;
  const view = firstView(location.hash, event.view);
  store.dispatch({ ...event, view: view && { ...view, done: view.done || trained }, fromAddress: true });
  const odd = engineChoiceNotice(location.search);
  if (odd) store.dispatch(odd);
}

const origins = new URLSearchParams(location.hash.slice(1)).get('origin')?.split(',') ?? [];
/** Resolves once the first experiment has its matrices, or cannot have any. */
const matrices = new Promise<void>((resolve) => {
  const off = store.react(({ next, run }) => {
    if (next || !(run.ready || run.status === 'stopped')) return;
    off();
    resolve();
  });
});
const opened = openAddress();
const lora = createInterface(store, VERSION, opened);
window.loraExplorer = lora;
if (parent !== window) {
  // Parts that a first visit does not need are loaded on demand; messages that arrive earlier wait.
  const early: MessageEvent[] = [];
  const hold = (message: MessageEvent) => void early.push(message);
  addEventListener('message', hold);
  import('./embed.ts').then(({ answerMessages }) => {
    removeEventListener('message', hold);
    answerMessages(lora, store, origins, early);
  }, notLoaded);
}
opened.catch(notLoaded);
addEventListener('popstate', () => {
  if (!addressBar.restore(store.state, store.dispatch)) void openAddress(addressBar.wasTrained()).catch(notLoaded);
});

// A frame of another page stores nothing, and a sandboxed one may not even ask. Nothing to store before the matrices.
if (parent === window) {
  void Promise.all([returning, opened]).then(([back]) => {
    const { view } = store.state();
    const note = placesNote(back === true, isLab(view) && view.view !== 'first' && view.title === '');
    if (note) store.dispatch(note);
  }, notLoaded);
  matrices
    .then(() => import('./stored-work.ts'))
    .then(async ({ storeWork, storedWorkEvent }) => {
      keepNow = storeWork(store, VERSION);
      const event = await storedWorkEvent(store.state);
      if (event) store.dispatch(event);
    }, notLoaded);
}

function offerReload(take: () => void): void {
  reload = take;
  const text = 'Reload to use it. Your run is kept; if it is too large, only its settings are.';
  store.dispatch(noticeEvent('build', 'plain', 'A new version is ready.', [text], [RELOAD]));
}
// The service worker fetches every file of the build, so it starts after the page has what it needs itself. Without it
// the page needs a network, which it has at this point.
const started = matrices.then(() => import('./offline.ts'));
started.then(
  ({ startOffline }) => startOffline(offerReload),
  () => {},
);

const open = (file: File) => async (files: typeof import('./files.ts')) =>
  store.dispatch(await files.openFile(file, store.state().drawings));
/** One file is opened. Several are runs: of a class, or to compare. */
function drop(files: readonly File[]): void {
  const [first] = files;
  const { view } = store.state();
  // The page of adapters handles drops itself: folders too.
  if (isAdapters(view)) return;
  // On a network it is shown there if it fits, else among Adapters.
  const network = view.view === 'lab' && view.lesson === '' && isNetwork(store.state().experiment);
  if (files.some(({ name }) => name.endsWith('.safetensors') || (network && name.endsWith('.zip')))) {
    if (!network) store.dispatch({ type: 'viewed', changes: { view: 'adapters' } });
    return void adapters().then(({ open }) => open(files, network), notLoaded);
  }
  // The clinic reads what is dropped on it.
  if (view.view === 'clinic') return;
  const wall = view.view === 'wall';
  if (wall || files.length > 1)
    store.dispatch({ type: 'command', command: { wall: wall ? { add: files } : { ask: files } } });
  else if (first) void runWithPart(import('./files.ts'), open(first), store.dispatch, 'file');
}
const adapters = () => import('../adapters/app/adapters-part.tsx').then((part) => part.adaptersPart(store));
const Adapters = lazyScreen(async () => ({ default: (await adapters()).Page }));
const Lesson = lazyPart(async () => ({ default: (await import('./lesson-part.tsx')).lessonPart(store) }));
const Clinic = lazyScreen(async () => ({ default: (await import('./clinic/clinic-part.tsx')).clinicPart(store) }));
const Contents = lazyScreen(() => import('../lessons/contents/contents.tsx'));
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <PageProvider store={page}>
      <PictureType>
        <App Lesson={Lesson} Contents={Contents} Adapters={Adapters} Clinic={Clinic} onFiles={drop} />
      </PictureType>
    </PageProvider>,
  );
}
