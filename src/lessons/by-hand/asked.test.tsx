// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { PageProvider } from '../../ui/page.tsx';
import { LessonValuesProvider } from '../pane/values.tsx';
import { progressIn } from '../state/progress.ts';
import { lesson } from './lesson.tsx';
import { ASKED, askedNumber, EXAMPLE, numbersOf } from './worked-example.ts';

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

it('has a student’s own numbers in every step, asks with them, and goes back to the example', async () => {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  store.dispatch({ type: 'studied', lesson: 'by-hand', changes: { right: ['1.0', '8.0'] } });
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  const show = (step: number) => {
    const { title, figure, Text } = lesson.steps[step - 1];
    return act(async () => {
      store.dispatch({ type: 'viewed', changes: { lesson: 'by-hand', step } });
      root.render(
        <PageProvider store={store}>
          <LessonValuesProvider step={title}>
            {Text}
            {figure && createElement(figure.Figure)}
          </LessonValuesProvider>
        </PageProvider>,
      );
    });
  };
  const text = () => host.textContent ?? '';
  const press = (name: string) => {
    const button = [...host.querySelectorAll('button')].find((one) => one.textContent === name);
    return act(async () => button?.click());
  };
  const type = (value: string) =>
    act(async () => {
      const field = host.querySelector<HTMLInputElement>('.own-numbers input');
      if (!field) throw new Error('no field');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  await show(2);
  expect(text()).not.toContain('asked for');
  await type('100');
  await press('Use my numbers');
  expect(host.querySelector('.own-numbers [role=status].wrong')?.textContent).toBe('Type a whole number from 1 to 99.');
  await type('7');
  await press('Use my numbers');
  expect(host.querySelector('.own-numbers [role=status]')?.textContent).toContain('the numbers of 7');
  // Asked again; the quiz stays answered.
  expect(progressIn(store.state().progress, 'by-hand').right).toEqual(['8.0']);
  expect(text()).toContain('asked for');
  const { x, A } = numbersOf(7);
  const z = x.reduce((sum, v, i) => sum + v * A[0][i], 0);
  expect(text()).toContain(`= ${String(z).replace('-', '−')}`);
  await show(7);
  const { W0, delta } = numbersOf(7);
  const loss = delta.reduce((sum, v, i) => sum + v * W0[i].reduce((all, w, j) => all + w * x[j], 0), 0);
  expect(text()).toContain(`The loss falls from ${String(loss).replace('-', '−')} to`);
  await press('Back to the example');
  expect(text()).toContain('The loss falls from 2.5 to −8.6563.');
  await act(async () => root.unmount());
});
