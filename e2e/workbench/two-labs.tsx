import { createRoot } from 'react-dom/client';
import { engineChoice } from '../../src/app/address.ts';
import { updateWorker } from '../../src/app/wire.ts';
import { startWorker } from '../../src/app/worker.ts';
import { createBridge } from '../../src/engine/bridge/bridge.ts';
import { parseLink } from '../../src/experiment/link/link.ts';
import { initialPage, labOf, labStore, updatePage } from '../../src/state/page.ts';
import { runFileOf } from '../../src/state/run-file/run-file.ts';
import { createStore, type State } from '../../src/state/state.ts';
import { Lab } from '../../src/ui/app.tsx';
import { PageProvider } from '../../src/ui/page.tsx';

// Two labs in one page of text, with the page's own worker.

const page = createStore(initialPage(engineChoice('?backend=cpu')), updatePage, requestAnimationFrame);
const bridge = createBridge({
  start: startWorker,
  receive: (message) => page.dispatch({ type: 'engine', message }),
});
page.react((now, before) => updateWorker(bridge, now, before));
page.dispatch({ type: 'joined', session: 1 });

const place = document.body.appendChild(document.createElement('div'));
Object.assign(place.style, { display: 'grid', gridTemplateColumns: '1fr 1fr', gap: '20px' });
createRoot(place).render(
  <PageProvider store={page}>
    <Lab session={0} label="First" />
    <Lab session={1} label="Second" />
  </PageProvider>,
);

/** Resolves once none of these labs is preparing or training. */
function still(sessions: readonly number[]): Promise<void> {
  const isStill = ({ run: { status } }: State) => status !== 'preparing' && status !== 'training';
  const holds = () => sessions.every((session) => isStill(labOf(page.state(), session)));
  return new Promise((resolve) => {
    if (holds()) return resolve();
    const off = page.react(() => {
      if (holds()) resolve(off());
    });
  });
}

const workbench = {
  /** Opens one link per lab and trains all at once; their run files. */
  async train(links: readonly string[]) {
    const labs = links.map((_, session) => labStore(page, session));
    for (const [i, link] of links.entries()) {
      const { experiment, view } = parseLink(link);
      labs[i].dispatch({ type: 'opened', experiment, view, drawing: null, notices: [], preset: null });
    }
    const sessions = [...links.keys()];
    await still(sessions);
    for (const lab of labs) lab.dispatch({ type: 'train' });
    await still(sessions);
    return labs.map((lab) => runFileOf(lab.state().run, 'test'));
  },
};
export type Workbench = typeof workbench;
Object.assign(globalThis, { workbench });
