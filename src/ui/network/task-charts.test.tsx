// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptScene } from '../../charts/testing/network-scenes.ts';
import { initialState } from '../../state/state.ts';
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

function show(paths: boolean): void {
  const kept = keptScene(100, paths ? {} : { paths: [] });
  act(() =>
    root.render(
      <FrozenLab state={initialState({ backend: null, stepper: null })}>
        <TaskCharts kept={kept} ranks={null} sweep={<button type="button">Draw the paths</button>} />
      </FrozenLab>,
    ),
  );
}
const text = (selector: string) => [...place.querySelectorAll(selector)].map((element) => element.textContent);

it('shows the charts that have a scene, the sweep only until it has run, and the sentence of its numbers', () => {
  show(false);
  expect(text('figure h2')).toEqual(['Accuracy over training', 'Learned against kept']);
  expect(text('.task-sentence')).toEqual([]);
  expect(text('button')).toContain('Draw the paths');
  show(true);
  expect(text('.task-sentence')[0]).toContain('full fine-tuning keeps more than LoRA at rank 4');
  expect(text('button')).not.toContain('Draw the paths');
});

it('reads the dots of the paths by arrow keys, in words', () => {
  show(true);
  const plot = place.querySelector<HTMLElement>('[aria-label^="Learned against kept: arrow keys"]');
  act(() => plot?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })));
  expect(text('.help.said')[0]).toMatch(/^r = \d+, rate 0\.\d+: turned 0\.\d{3}, upright 0\.\d{3}$/);
  expect(text('p.why, .menu.why p').length).toBeGreaterThan(2);
});
