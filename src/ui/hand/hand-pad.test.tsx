// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_ROUNDS, type Rounds, type RoundsEvent, updateRounds } from '../../experiment/network/rounds.ts';
import { HandPad } from './hand-pad.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let place: HTMLElement;
let rounds: Rounds;
let root: ReturnType<typeof createRoot>;

function show(): void {
  const dispatch = (event: RoundsEvent) => {
    rounds = updateRounds(rounds, event);
    show();
  };
  act(() => root.render(<HandPad {...{ rounds, dispatch }} before={OUTPUTS} now={null} />));
}

const OUTPUTS = [0, 0, 0, 0, 0, 0, 0, 0.75, 0, 0.25];
const find = (selector: string) => {
  const found = place.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};
const press = (name: string) =>
  act(() => [...place.querySelectorAll('button')].find((button) => button.textContent === name)?.click());
const key = (pressed: string, type = 'keydown', selector = '.ink-pad') =>
  act(() => find(selector).dispatchEvent(new KeyboardEvent(type, { key: pressed, bubbles: true })));
const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

function pointer(type: string, clientX: number, clientY: number): void {
  const init = { clientX, clientY, pointerId: 1, button: 0, bubbles: true };
  act(() => find('.ink-pad').dispatchEvent(new PointerEvent(type, init)));
}
function drawLine(): void {
  pointer('pointerdown', 20, 10);
  pointer('pointermove', 20, 60);
  pointer('pointerup', 20, 60);
}

beforeEach(() => {
  vi.useFakeTimers();
  place = document.createElement('div');
  document.body.append(place);
  root = createRoot(place);
  rounds = NO_ROUNDS;
  show();
  const pad = find('.ink-pad');
  pad.getBoundingClientRect = () => new DOMRect(0, 0, 100, 100);
  pad.setPointerCapture = () => {};
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.useRealTimers();
});

describe('a stroke', () => {
  it('has its points as shares of the pad, and 0.9 s after it the next digit is asked for', () => {
    drawLine();
    expect(rounds.strokes).toEqual([
      [
        { x: 0.2, y: 0.1 },
        { x: 0.2, y: 0.6 },
      ],
    ]);
    wait(880);
    expect(rounds.current).toBe(0);
    wait(40);
    expect(rounds.current).toBe(1);
    expect(find('h2').textContent).toContain('Draw a 1');
  });

  it('that follows within the pause belongs to the same digit', () => {
    drawLine();
    wait(600);
    pointer('pointerdown', 50, 50);
    wait(2000);
    expect(rounds.current).toBe(0);
    pointer('pointerup', 50, 50);
    wait(600);
    expect([rounds.current, rounds.strokes.length]).toEqual([0, 2]);
    wait(400);
    expect(rounds.drawings[0]?.strokes).toHaveLength(2);
  });

  it('waits for Enter if the switch is off', () => {
    act(() => find('input[type=checkbox]').click());
    drawLine();
    wait(5000);
    expect(rounds.current).toBe(0);
    key('Enter');
    expect(rounds.current).toBe(1);
  });

  it('that was undone leads nowhere', () => {
    drawLine();
    key('Backspace');
    wait(2000);
    expect([rounds.current, rounds.strokes.length]).toEqual([0, 0]);
  });

  it('can be drawn with keys, which never lead on by themselves', () => {
    key(' ');
    for (let i = 0; i < 8; i++) key('ArrowDown');
    key(' ', 'keyup');
    wait(5000);
    expect(rounds.strokes).toHaveLength(1);
    const [first, last] = [rounds.strokes[0][0], rounds.strokes[0][rounds.strokes[0].length - 1]];
    expect([last.x - first.x, last.y - first.y]).toEqual([0, 0.25]);
  });
});

it('says what the network reads, and of which digit', () => {
  expect(find('.bars').textContent).toContain('before: reads 7, 75%');
  expect(find('.bars [role=img]').getAttribute('aria-label')).toBe('Outputs for the ten digits. before: reads 7, 75%.');
});

it('Skip, Clear all and a sample hand', () => {
  press('Skip this digit');
  expect([rounds.current, rounds.skipped.has(0)]).toEqual([1, true]);
  press('Clear all');
  expect(rounds).toEqual(NO_ROUNDS);
  press('Use a sample hand');
  expect(rounds.drawings.every((drawing) => drawing !== null)).toBe(true);
  expect(find('h2').textContent).toContain('All fifty are drawn');
});

it('a small drawing is drawn again by a press, or by keys and Enter', () => {
  press('Use a sample hand');
  act(() => place.querySelectorAll<HTMLElement>('.drawings .small')[7].click());
  // The second digit's third: round 3 of the 1.
  expect(rounds.current).toBe(21);
  act(() => find('.drawings').focus());
  key('ArrowDown', 'keydown', '.drawings');
  expect(find('[role=gridcell][aria-selected=true]').getAttribute('aria-label')).toBe('1, round 3: drawn, on the pad');
  key('Enter', 'keydown', '.drawings');
  expect(rounds.current).toBe(23);
});
