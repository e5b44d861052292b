// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { listed } from '../../state/run/listed-runs.ts';
import { extend } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { entries, networkState, trainedState } from '../../state/testing/page.ts';
import { FrozenLab } from '../page.tsx';
import RunList from './list.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Two steps of a network, after which it has the right answer to this share of the new task. */
function trainedNetwork(accuracy: number): State {
  const state = networkState();
  const { series, ...trace } = extend(state.run.trace, entries(1, [1, 0.5]));
  const losses = {
    ...{ steps: [0, 2], training: [Number.NaN, Number.NaN], heldOut: [2, 1] },
    ...{ accuracy: [0.11, accuracy], oldAccuracy: [0.97, 0.6] },
  };
  const run = { ...state.run, status: 'paused' as const, trace: { ...trace, series: { loss: series.loss } }, losses };
  return listed({ ...state, run });
}

it('gives the relative error of a matrix, and of a network its right answers on the new task', () => {
  const place = document.createElement('div');
  const root = createRoot(place);
  const results = (state: State) => {
    act(() =>
      root.render(
        <FrozenLab state={state}>
          <RunList />
        </FrozenLab>,
      ),
    );
    return [...place.querySelectorAll('.value')].map((value) => value.textContent);
  };
  expect(results(trainedNetwork(0.9481))).toEqual(['0.948 right']);
  const matrix = trainedState();
  expect(results(listed({ ...matrix, run: { ...matrix.run, status: 'paused' } }))).toEqual(['10.0']);
  act(() => root.unmount());
});
