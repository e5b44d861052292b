// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PageEvent } from '../../state/events.ts';
import { missingRuns, pathsOf, taskKey } from '../../state/run/path-runs.ts';
import type { State } from '../../state/state.ts';
import { networkState } from '../../state/testing/page.ts';
import { update } from '../../state/update.ts';
import { FrozenLab } from '../page.tsx';
import { TaskCharts } from './task-charts.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let place: HTMLElement;
let root: ReturnType<typeof createRoot>;

beforeEach(() => {
  place = document.createElement('div');
  document.body.append(place);
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});

const show = (state: State) =>
  act(() =>
    root.render(
      <FrozenLab state={state}>
        <TaskCharts />
      </FrozenLab>,
    ),
  );
const text = (selector: string) => [...place.querySelectorAll(selector)].map((element) => element.textContent);

const missing = ({ run, paths }: State) => missingRuns(run.experiment, pathsOf({ run, paths }));
const ended = (rank: number | null, rate: number, accuracy: number, old: number): PageEvent => ({
  ...{ type: 'paths', of: taskKey(networkState().run) },
  end: {
    rank,
    rate,
    answers: { accuracy, old },
    updates: [{ name: 'in', relativeSize: 1 - old, intruders: Math.round(8 * (1 - old)) }],
  },
});
/** Full fine-tuning and rank 4, at a slow rate and a fast one. */
const ENDS: readonly PageEvent[] = [
  ended(null, 0.001, 0.94, 0.83),
  ended(null, 0.02, 0.97, 0.22),
  ended(4, 0.001, 0.75, 0.87),
  ended(4, 0.02, 0.95, 0.15),
];

it('offers to draw the paths, counts what is left, and says by rule what they show', () => {
  show(networkState());
  expect(text('figure h2')).toEqual(['Accuracy over training', 'Learned against kept', 'Accuracy against rank']);
  expect(text('.draw-paths')[0]).toMatch(/^Draw the paths: 30 runs, about \d\u00a0s$/);
  expect(text('.task-sentence')).toEqual(['This run, at rank 4: 0.11.']);
  const drawing = update(networkState(), {
    ...{ type: 'paths', of: taskKey(networkState().run) },
    waiting: missing(networkState()),
  });
  show(drawing);
  expect(text('.draw-paths')).toEqual(['Cancel, 30 runs left']);
  const drawn = ENDS.reduce(update, drawing);
  show(drawn);
  expect(text('.draw-paths')).toEqual(['Cancel, 26 runs left']);
  expect(text('.task-sentence')).toEqual([
    'Slower rates keep more, with every method. At a new accuracy of 0.950 or more, full fine-tuning keeps more than LoRA at rank 4: 0.627 of upright against 0.150.',
    'Trained at rank 4: 0.95.',
  ]);
});

it('reads the dots of the paths by arrow keys, in words', () => {
  show(ENDS.reduce(update, networkState()));
  const plot = place.querySelector<HTMLElement>('[aria-label^="Learned against kept: arrow keys"]');
  act(() => plot?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })));
  expect(text('.help.said')[0]).toMatch(/^r = 4, rate 0\.\d+: turned 0\.\d{3}, upright 0\.\d{3}$/);
});
