// @vitest-environment happy-dom

import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { typescriptBackend } from '../engine/backends/own-backends.ts';
import { createBridge } from '../engine/bridge/bridge.ts';
import { createEngine } from '../engine/engine.ts';
import type { PageMessage } from '../engine/protocol/page-messages.ts';
import type { WorkerMessage } from '../engine/protocol/worker-messages.ts';
import { change, defaults } from '../experiment/settings/experiment.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { defaultView } from '../experiment/settings/view.ts';
import { initialPage, labOf, labStore, type Page, updatePage } from '../state/page.ts';
import { type Run, traceList } from '../state/run/run.ts';
import { createStore, type Store } from '../state/state.ts';
import { Lab } from '../ui/app.tsx';
import { sceneOf } from '../ui/lab-scene.ts';
import { PageProvider } from '../ui/page.tsx';
import { updateWorker } from './wire.ts';

/** The engine itself instead of its worker: messages arrive one after another, never synchronously. */
function engineAsWorker(): Worker {
  const worker = {
    onmessage: null as ((event: { data: WorkerMessage }) => void) | null,
    postMessage: (message: PageMessage) => setTimeout(() => engine.receive(message)),
    terminate: () => {},
  };
  const engine = createEngine({
    post: (message) => {
      if (message.type !== 'quieted') setTimeout(() => worker.onmessage?.({ data: message }));
    },
    pick: async () => ({ backend: typescriptBackend, why: null, rivals: [] }),
    clock: () => performance.now(),
  });
  return worker as unknown as Worker;
}

function pageWith(sessions: readonly number[]) {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, (redraw) => setTimeout(redraw));
  const bridge = createBridge({
    start: async () => engineAsWorker(),
    receive: (message) => store.dispatch({ type: 'engine', message }),
  });
  store.react((now, before) => updateWorker(bridge, now, before));
  for (const session of sessions) store.dispatch({ type: 'joined', session });
  const when = (holds: (page: Page) => boolean) =>
    new Promise<void>((resolve) => {
      if (holds(store.state())) return resolve();
      const off = store.react((now) => {
        if (holds(now)) resolve(off());
      });
    });
  return { store, when, lab: (session: number) => labStore(store, session) };
}

const small = change(defaults(), { d: 12, k: 10, rank: 3, truerank: 3, steps: 120 });
const EXPERIMENTS = [small, change(small, { rank: 2, seed: 5, opt: 'sgd', lr: 0.05 })] as const;

const view = { ...defaultView(), pace: Number.POSITIVE_INFINITY };
const open = (lab: Store, experiment: Experiment) =>
  lab.dispatch({ type: 'opened', experiment, view, drawing: null, notices: [], preset: null });
const isDone = (page: Page, session: number) => labOf(page, session).run.status === 'finished';

function numbersOf({ trace, frames }: Run) {
  const last = frames.at(-1)?.modules[0];
  const { loss, relativeError = loss } = trace.series;
  const lists = { loss, relativeError, ...trace.modules[0] };
  const whole = Object.entries(lists).map(([name, list]) => [name, traceList(trace, list)]);
  return { ...Object.fromEntries(whole), A: last?.A, B: last?.B };
}

async function alone(experiment: Experiment): Promise<Run> {
  const { when, lab } = pageWith([]);
  open(lab(0), experiment);
  await when((page) => labOf(page, 0).run.status === 'idle');
  lab(0).dispatch({ type: 'train' });
  await when((page) => isDone(page, 0));
  return lab(0).state().run;
}

/** In turn, so that the frames of both alternate. */
async function trainTogether({ lab, when }: ReturnType<typeof pageWith>): Promise<void> {
  for (const [session, experiment] of EXPERIMENTS.entries()) open(lab(session), experiment);
  await when((page) => [0, 1].every((session) => labOf(page, session).run.status === 'idle'));
  for (const session of [0, 1]) lab(session).dispatch({ type: 'train' });
  await when((page) => [0, 1].every((session) => isDone(page, session)));
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(540);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(200);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe('two labs on one page', () => {
  it('train at once, and each gets the numbers of its run alone, bit for bit', async () => {
    const page = pageWith([1]);
    await trainTogether(page);
    for (const [session, experiment] of EXPERIMENTS.entries()) {
      const { run } = page.lab(session).state();
      expect(run.trace.length).toBe(121);
      expect(numbersOf(run)).toEqual(numbersOf(await alone(experiment)));
    }
  });

  it('show what is theirs, in ids that are theirs, and leave the address alone', async () => {
    const page = pageWith([1]);
    const root = createRoot(document.body.appendChild(document.createElement('div')));
    const address = location.href;
    await act(async () =>
      root.render(
        <PageProvider store={page.store}>
          <Lab session={0} label="First" />
          <Lab session={1} label="Second" />
        </PageProvider>,
      ),
    );
    await act(() => trainTogether(page));
    // Charts are fetched after the page is rendered.
    await act(() => import('../ui/figures/chart-grid.tsx'));
    expect(document.querySelectorAll('figure svg.chart')).toHaveLength(2);
    const texts = [...document.querySelectorAll('.lab-room')].map((lab) => lab.textContent ?? '');
    expect(texts.map((text) => /r\u00a0=\u00a0(\d+)/.exec(text)?.[1])).toEqual(['3', '2']);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(4);
    expect(location.href).toBe(address);
    await act(async () => root.unmount());
  });

  it('keep their scenes: drawing the one does not make that of the other again', () => {
    const [a, b] = [pageWith([]).lab(0).state(), pageWith([]).lab(0).state()];
    const [first, second] = [sceneOf(a, 'step'), sceneOf(b, 'step')];
    expect(first).not.toBe(second);
    expect([sceneOf(a, 'step'), sceneOf(b, 'step')].map((scene, i) => scene === [first, second][i])).toEqual([
      true,
      true,
    ]);
  });
});
