// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/store.ts';
import { PageProvider } from '../../ui/page.tsx';
import { LessonValuesProvider } from '../pane/values.tsx';
import { lesson } from './lesson.tsx';
import { ASKED, askedNumber, EXAMPLE } from './worked-example.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// As wide as the whole picture needs.
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1000);

const ANSWERS: Readonly<Record<number, string>> = { 2: '1.75', 5: '3.5', 8: '3.675' };

it('knows the numbers that it asks for, each computed by hand', () => {
  // 1·1 + 0·2 + (−0.5)(−1) + 0.5·0.5; 2 · 1 · 1.75; 2 · (−1.8375) · (−1).
  expect([2, 5, 8].map((step) => askedNumber(step, EXAMPLE))).toEqual([1.75, 3.5, expect.closeTo(3.675, 12)]);
  for (const [step, { question }] of Object.entries(ASKED)) {
    expect(question).toBe(`${Number(step) - 1}.0`);
    expect(lesson.steps[Number(step) - 1].questions?.[0].kind).toBe('number');
  }
});

it.each([2, 5, 8])('hides the number that step %d asks for until it is answered', async (step) => {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  store.dispatch({ type: 'viewed', changes: { lesson: 'by-hand', step } });
  const host = document.createElement('div');
  const root = createRoot(host);
  const { figure } = lesson.steps[step - 1];
  await act(async () =>
    root.render(
      <PageProvider store={store}>
        <LessonValuesProvider>{figure && createElement(figure.Figure)}</LessonValuesProvider>
      </PageProvider>,
    ),
  );
  const shown = () => host.textContent ?? '';
  const { question } = ASKED[step];
  expect(shown()).toContain('asked for');
  const answer = new RegExp(`(?<![−\\d.])${ANSWERS[step]}(?!\\d)`);
  expect(shown()).not.toMatch(answer);
  await act(async () => store.dispatch({ type: 'studied', lesson: 'by-hand', changes: { right: [question] } }));
  expect(shown()).not.toContain('asked for');
  expect(shown()).toMatch(answer);
  await act(async () => root.unmount());
});
