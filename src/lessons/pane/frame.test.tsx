// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { ChartGrid } from '../../ui/figures/chart-grid.tsx';
import { LessonContainer } from '../../ui/figures/lesson-container.tsx';
import { PageProvider } from '../../ui/page.tsx';
import { Transport } from '../../ui/run/transport.tsx';
import { Intro } from '../../ui/tour/intro.tsx';
import { LESSONS } from '../list.ts';
import { chartsOf } from '../step.tsx';
import LessonPane from './pane.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** A lesson beside the parts of the lab that it decides about. */
async function reader(lesson: string) {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  await act(async () => store.dispatch({ type: 'viewed', changes: { lesson, step: 1 } }));
  await act(async () =>
    root.render(
      <PageProvider store={store}>
        <LessonContainer reading>
          <LessonPane />
          <div className="column">
            <Intro />
            <Transport docked={false} />
            <ChartGrid />
          </div>
        </LessonContainer>
      </PageProvider>,
    ),
  );
  return {
    host,
    store,
    goTo: (step: number) => act(async () => store.dispatch({ type: 'viewed', changes: { step } })),
    leave: () =>
      act(async () => {
        root.unmount();
        host.remove();
      }),
  };
}

const names = (host: HTMLElement, selector: string) =>
  [...host.querySelectorAll(selector)].map((one) => one.textContent?.trim() ?? '');

describe.each(await Promise.all(LESSONS.map(async (entry) => (await entry.load()).lesson)))(
  'lesson $name',
  ({ name, steps }) => {
    it('at each step has one chart at most, numbers for what its text names, no term like a control, and one main action: Next, or Check while a guess or a question waits', async () => {
      const { host, store, goTo, leave } = await reader(name);
      for (const [at, step] of partOf([...steps.entries()], 3, name.length)) {
        const { title, marks = [], guess, act: does, questions = [] } = step;
        await goTo(at + 1);
        const charts = [...host.querySelectorAll<HTMLElement>('.column figure')].map(({ dataset }) => dataset.chart);
        expect(charts, title).toEqual(step.figure ? expect.anything() : chartsOf(step));
        expect(chartsOf(step).length, title).toBeLessThanOrEqual(1);
        expect(names(host, '.intro, .claim, .head-line'), title).toEqual([]);
        expect(names(host, '.lesson .mark-tag'), title).toEqual(marks.map((_, i) => String(i + 1)));

        const main = () => names(host, '.btn.main');
        if (guess) {
          expect(main(), title).toEqual(['Check my guess']);
          const guesses = { ...store.state().progress.lessons[name]?.guesses, [guess.name]: '' };
          await act(async () => store.dispatch({ type: 'studied', lesson: name, changes: { guesses } }));
        }
        const controls = names(host, '.lesson .try button:not(.term), .lesson .try option');
        const terms = names(host, '.lesson .term');
        expect(
          terms.filter((one) => controls.includes(one)),
          title,
        ).toEqual([]);

        for (const [n, question] of questions.entries()) {
          expect(main(), title).toEqual([question.kind === 'lab' ? 'Check my setting' : 'Check']);
          const right = questions.slice(0, n + 1).map((_, i) => `${at}.${i}`);
          await act(async () => store.dispatch({ type: 'studied', lesson: name, changes: { right } }));
        }
        if (!does?.predicts) expect(main(), title).toEqual([expect.stringMatching(/^Next|^All lessons/)]);
      }
      await leave();
    });
  },
);
