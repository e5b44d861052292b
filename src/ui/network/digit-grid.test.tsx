// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { networkState } from '../../state/testing/page.ts';
import { FrozenLab } from '../page.tsx';
import { DigitGrid, rowsOf } from './digit-grid.tsx';

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

/** Three digits of each of two classes, each read as the other class. */
const answers = Uint8Array.of(0, 1, 0, 1, 0, 1);
const set = { inputs: new Float32Array(64 * answers.length), answers };
const misread = answers.map((answer) => 1 - answer);

const show = (learns: boolean) =>
  act(() =>
    root.render(
      <FrozenLab state={networkState()}>
        <DigitGrid label="Digits" rows={rowsOf(set)} now={misread} before={answers} {...{ set, learns }} />
      </FrozenLab>,
    ),
  );
const spoken = () =>
  [...place.querySelectorAll('.digit-key > :not([aria-hidden])')].map((element) => element.textContent);

it('keeps the answer to a misread digit in a box of its own, apart from those of its neighbours', () => {
  show(true);
  const boxes = [...place.querySelectorAll<HTMLElement>('.misread')].map(({ style, textContent }) => {
    const [left, top, width, height] = [style.left, style.top, style.width, style.height].map(Number.parseFloat);
    return { left, top, right: left + width, bottom: top + height, text: textContent };
  });
  expect(boxes.map(({ text }) => text)).toEqual(['1', '1', '1', '0', '0', '0']);
  const [first, second, third, below, , last] = boxes;
  expect(first.left).toBe(0);
  expect(second.left - first.right).toBeCloseTo(third.left - second.right, 9);
  // An eighth of a digit, in both directions.
  expect(second.left - first.right).toBeCloseTo((first.right - first.left) / 8, 9);
  expect(below.top - first.bottom).toBeCloseTo((first.bottom - first.top) / 8, 9);
  expect([last.right, last.bottom]).toEqual([100, 100]);
});

it('has a key to its colours, to which a reading is added while a digit is pointed at', () => {
  show(false);
  expect(spoken()).toEqual(['grey: wrong now · red: its answer']);
  show(true);
  const key = 'green: newly right · grey: wrong · red: its answer';
  expect(spoken()).toEqual([key]);
  const grid = place.querySelector('[role="grid"]');
  act(() => grid?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true })));
  expect(place.querySelector('.digit-key > [aria-hidden]')?.textContent).toBe('a 1, read as 0, right before');
  expect(spoken()).toEqual([key]);
});
