// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialPage, labOf, type PageStore, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { frame, openedState, readyMessage, workerEvent } from '../../state/testing/page.ts';
import { PageProvider } from '../page.tsx';
import { Numeric } from './numeric.tsx';

let page: PageStore;
let root: Root;

const experiment = () => labOf(page.state(), 0).experiment;
const field = () => document.querySelector<HTMLInputElement>('input.num') as HTMLInputElement;
const fault = () => document.querySelector('.wrong')?.textContent ?? null;
const press = (key: string, more = {}) =>
  field().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

/** Types character by character, through the events that React listens to. */
function type(text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field(), text);
  field().dispatchEvent(new Event('input', { bubbles: true }));
}

async function show(of: 'alpha' | 'rank'): Promise<void> {
  await act(async () =>
    root.render(
      <PageProvider store={page}>
        <Numeric of={of} />
      </PageProvider>,
    ),
  );
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  page = createStore(initialPage({ backend: null, stepper: null }), updatePage, (redraw) => redraw());
  for (const event of [openedState, workerEvent(readyMessage(1)), workerEvent(frame(1, 0, 1))]) page.dispatch(event);
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('the typed value beside a slider', () => {
  it('takes what people write when Enter is pressed, and shows it as the page writes numbers', async () => {
    await show('alpha');
    await act(async () => type('1,5'));
    expect(experiment().alpha).toBe(16);
    await act(async () => press('Enter'));
    expect([experiment().alpha, field().value, fault()]).toEqual([1.5, '1.5', null]);
  });

  it('keeps what is not allowed and says what is, until it is mended', async () => {
    await show('rank');
    await act(async () => type('900'));
    await act(async () => press('Enter'));
    expect([experiment().rank, field().value]).toEqual([8, '900']);
    expect(fault()).toBe('“900” is not possible: Rank r must be a whole number from 1 to 64.');
    expect(field().getAttribute('aria-invalid')).toBe('true');
    await act(async () => type('90'));
    expect(fault()).toBeNull();
    await act(async () => type('abc'));
    await act(async () => press('Enter'));
    expect(fault()).toContain('“abc” is not a number');
    await act(async () => type(' '));
    await act(async () => press('Enter'));
    expect(fault()).toContain('Nothing was typed');
    await act(async () => press('Escape'));
    expect([field().value, fault()]).toEqual(['8', null]);
  });

  it('lets go of what was typed once a slider, undo or a preset has changed the value', async () => {
    await show('rank');
    await act(async () => type('900'));
    await act(async () => press('Enter'));
    await act(async () => page.dispatch({ type: 'changed', changes: { rank: 4 } }));
    expect([field().value, fault(), field().getAttribute('aria-invalid')]).toEqual(['4', null, null]);
    await act(async () => page.dispatch({ type: 'undo' }));
    expect([field().value, fault()]).toEqual(['8', null]);
  });

  it('goes by a step with an arrow key, with shift from tick to tick, as one step of undo', async () => {
    await show('rank');
    await act(async () => press('ArrowUp'));
    await act(async () => press('ArrowUp'));
    expect(experiment().rank).toBe(10);
    await act(async () => press('ArrowUp', { shiftKey: true }));
    expect(experiment().rank).toBe(16);
    await act(async () => press('ArrowDown'));
    expect(experiment().rank).toBe(15);
    await act(async () => page.dispatch({ type: 'undo' }));
    expect(experiment().rank).toBe(8);
  });

  it('bears an arrow key that is held on a machine too slow for anything between two presses', async () => {
    await show('alpha');
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
    const thrown: unknown[] = [];
    const note = (event: ErrorEvent) => thrown.push(event.error);
    window.addEventListener('error', note);
    try {
      for (let i = 0; i < 120; i++) {
        press(i % 80 < 40 ? 'ArrowUp' : 'ArrowDown');
        // Microtasks only: React renders the effect of the key, while its own tasks wait.
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      }
    } catch (error) {
      thrown.push(error);
    } finally {
      window.removeEventListener('error', note);
    }
    expect(thrown).toEqual([]);
    expect(field().value).not.toBe('16');
  });
});
