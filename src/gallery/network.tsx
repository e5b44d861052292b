import { useState } from 'react';
import { updateWorker } from '../app/wire.ts';
import { createEngine } from '../engine/engine.ts';
import { composedBackend, prepareTwelve } from '../engine/testing/twelve.ts';
import { defaults } from '../experiment/settings/experiment.ts';
import { Select } from '../kit/button.tsx';
import { initialPage, type PageStore, updatePage } from '../state/page.ts';
import { shownIndex } from '../state/run/run.ts';
import { createStore } from '../state/state.ts';
import { ChartGrid } from '../ui/figures/chart-grid.tsx';
import { PageProvider, useDispatch, useLab } from '../ui/page.tsx';
import { MainButton, RewindButton } from '../ui/run/transport.tsx';
import { Strip } from '../ui/strip/strip.tsx';
import { APPEARANCES, type GalleryEntry } from './entry.tsx';

const EXPERIMENT = {
  ...defaults(),
  target: 'low-rank',
  d: 16,
  k: 16,
  rank: 4,
  truerank: 3,
  alpha: 8,
  steps: 400,
} as const;

function twelveStore(): PageStore {
  const page = createStore(initialPage({ backend: null, stepper: null }), updatePage, (redraw) => setTimeout(redraw));
  const engine = createEngine({
    post(message) {
      if (message.type !== 'quieted') page.dispatch({ type: 'engine', message });
      if (message.type === 'frame') engine.receive({ type: 'ack', run: message.run, frame: message.frame });
    },
    pick: async () => ({ backend: composedBackend, why: null, rivals: [] }),
    clock: () => performance.now(),
    prepare: prepareTwelve,
  });
  const bridge = { send: engine.receive, stop: (session: number) => engine.receive({ type: 'leave', session }) };
  page.react((now, before) => updateWorker(bridge, now, before));
  page.dispatch({ type: 'opened', experiment: EXPERIMENT, drawing: null, notices: [], preset: null });
  return page;
}

function ModuleChoice() {
  const modules = useLab((s) => s.run.modules);
  const shown = useLab(shownIndex);
  const dispatch = useDispatch();
  return (
    <Select
      aria-label="Matrix"
      options={modules.map(({ name, d, k }) => [name, `${name}, ${d} × ${k}`])}
      value={modules[shown]?.name ?? ''}
      onChange={(module) => dispatch({ type: 'viewed', changes: { module } })}
    />
  );
}

/** The lab’s own strip and charts of the chosen matrix. */
function TwelveLab({ width }: { readonly width: number }) {
  const [store] = useState(twelveStore);
  return (
    <PageProvider store={store}>
      <div style={{ width }}>
        <ModuleChoice /> <MainButton /> <RewindButton />
        <Strip />
        <ChartGrid />
      </div>
    </PageProvider>
  );
}

const MARGINS = 48;

export const NETWORK_ENTRIES: readonly GalleryEntry[] = [
  {
    group: 'network',
    name: 'twelve-matrices',
    states: (className) => ({ lab: <TwelveLab width={APPEARANCES[className].width - MARGINS} /> }),
  },
];
