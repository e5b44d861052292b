// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { initialPage, updatePage } from '../state/page.ts';
import { createStore } from '../state/state.ts';
import { PageProvider } from '../ui/page.tsx';
import { LESSONS } from './list.ts';
import { LessonValuesProvider } from './pane/values.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Steps whose figure shows recorded runs, by lesson. */
const RECORDED: Readonly<Record<string, readonly number[]>> = {
  rank: [8, 9],
  scaling: [1, 3, 4, 5, 6],
  starts: [1, 6, 7],
  'low-rank': [7],
  choosing: [2],
  beyond: [5, 7],
  merging: [4, 5, 6],
};

it.each(Object.keys(RECORDED))('lesson %s: where a picture is recorded, the picture says so', async (name) => {
  const entry = LESSONS.find((one) => one.name === name);
  const { lesson } = (await entry?.load()) ?? {};
  for (const n of RECORDED[name]) {
    const step = lesson?.steps[n - 1];
    const host = document.createElement('div');
    const root = createRoot(host);
    const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
    await act(async () =>
      root.render(
        <PageProvider store={store}>
          <LessonValuesProvider begins={step?.values}>
            {step?.figure && createElement(step.figure.Figure)}
          </LessonValuesProvider>
        </PageProvider>,
      ),
    );
    expect(host.textContent, `step ${n}`).toMatch(/recorded/);
    await act(async () => root.unmount());
  }
});
