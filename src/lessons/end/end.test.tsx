// @vitest-environment happy-dom
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { initialPage, labOf, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { LessonContainer } from '../../ui/figures/lesson-container.tsx';
import { PageProvider } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import { lessonText } from '../pane/lesson-parts.ts';
import LessonPane from '../pane/pane.tsx';
import {
  askedAgainBefore,
  dueRecalls,
  NO_PROGRESS,
  type Progress,
  progressIn,
  updateProgress,
} from '../state/progress.ts';
import './ask-again.tsx';
import './end.tsx';
import { ENDS } from './know.tsx';
import { RECALLS } from './recall-form.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

await Promise.all(LESSONS.map(lessonText));

const newStore = () => createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});

function textOf(part: ReactNode): string {
  const page = renderToStaticMarkup(<PageProvider store={newStore()}>{part}</PageProvider>);
  return page.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
}

/** Computed by hand: the right answer at the end of a lesson, and before a later one. */
const ANSWERS: Readonly<Record<string, readonly [string, string]>> = {
  // 16 · 8192 and 8 · 5120.
  'what-is-lora': ['131,072', '40,960'],
  'by-hand': ['−3', '−6'],
  // √(64/100) and √(36/100).
  rank: ['0.8', '0.6'],
  // 2048²/4096 and 3072 · 1024/4096.
  cost: ['1,024', '768'],
  scaling: ['It falls from 4 to 1', 'It falls from 16 to 1'],
  // 10 · 0.0625 and 100 · 0.0256.
  starts: ['0.625', '2.56'],
  gradients: ['528', '2,056'],
  optimisers: ['SGD’s becomes 100 times shorter, Adam’s stays', 'SGD’s becomes 10 times shorter, Adam’s stays'],
  'low-rank': ['5', '12'],
  choosing: ['0.4', '0.3'],
  // √0.81 and √0.49.
  beyond: ['0.9', '0.7'],
  // 200 · 16/2048 · … = 1.5625 and 6.25.
  merging: ['1.56%', '6.25%'],
};

/** Numbers of the sentences that are not those of a run, computed by hand or claimed by the lessons themselves. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  // r(d + k) = 2 · 7; d·r·k + d·k = 24 + 12; s·δ₂·z₂ = 2 · (−2) · 1.75; 2 · 4 entries.
  'by-hand': ['takes 14 multiplications', 'first 36', '= −7', 'all 8 entries'],
  cost: ['131,072 of 16,777,216', '14.1 GiB instead of 76.6', 'does 0.78% more work'],
  scaling: ['0.02 at rank 1 and 2 at rank 32', 'one rate, 0.02, is good at all 6 ranks'],
  starts: ['error at 0.490'],
  optimisers: ['steps 10, 16, 42 and 68', 'the smallest at step 12 and the largest at 54'],
  'low-rank': ['= 0.707 of any matrix'],
  choosing: ['lowest at rank 4', 'leaves 0.707 of a rotation'],
  beyond: [
    'leaves 0.73 at rank 8',
    'leaves 0 of W₀ turned and 0.88 of',
    'DoRA leaves 0 of a row scaling and 0.35 of',
    'leaves 0.53 of noise',
    'leaves 0.87 of any',
  ],
  merging: ['does 0.78% more', 'off by 87%'],
};

describe('the end of a lesson', () => {
  it('says three things that the reader knows now, with the numbers of the lesson', () => {
    expect(Object.keys(ENDS)).toEqual(LESSON_NAMES);
    for (const [name, { know }] of Object.entries(ENDS)) {
      expect(know).toHaveLength(3);
      const said = know.map(textOf);
      for (const one of said) expect(one, name).toMatch(/^.{30,190}[.]$/);
      for (const part of SAID[name] ?? []) expect(said.join(' '), name).toContain(part);
    }
  });

  it('asks a question with other numbers, twice, and its answers are those computed by hand', () => {
    expect(Object.keys(RECALLS)).toEqual(LESSON_NAMES);
    for (const [name, asked] of Object.entries(RECALLS)) {
      expect(asked.map(({ right }) => right)).toEqual(ANSWERS[name]);
      for (const { options, right, why } of asked) {
        expect(new Set(options).size, name).toBe(3);
        expect(options).toContain(right);
        expect(why).toMatch(/[.]$/);
      }
      expect(asked[0].ask).not.toBe(asked[1].ask);
    }
  });

  it('asks again before a later lesson that has not been begun', () => {
    const answer = (progress: Progress, lesson: string, recalls: readonly boolean[]) =>
      updateProgress(progress, { type: 'studied', lesson, changes: { recalls } });
    const first = answer(NO_PROGRESS, 'what-is-lora', [true]);
    expect(LESSON_NAMES.filter((name) => dueRecalls(first, name).length > 0)).toEqual(LESSON_NAMES.slice(3));
    expect(dueRecalls(answer(first, 'cost', []), 'cost')).toEqual([]);
    expect(dueRecalls(answer(first, 'what-is-lora', [true, false]), 'cost')).toEqual([]);
    const all = LESSON_NAMES.slice(0, -1).reduce((progress, name) => answer(progress, name, [false]), NO_PROGRESS);
    expect(dueRecalls(all, 'merging')).toEqual(LESSON_NAMES.slice(0, -1));
    expect(LESSON_NAMES.map((_, n) => askedAgainBefore(n))).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 11, null]);
  });
});

async function reader(lesson: string, step: number, changes = {}) {
  const store = newStore();
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  await act(async () => store.dispatch({ type: 'viewed', changes: { lesson, step, ...changes } }));
  const render = async () => {
    await act(async () =>
      root.render(
        <PageProvider store={store}>
          <LessonContainer reading>
            <LessonPane />
          </LessonContainer>
        </PageProvider>,
      ),
    );
    // It is loaded when it is reached.
    await vi.waitFor(async () => {
      await act(async () => {});
      expect(host.querySelector('.lesson h2')).not.toBeNull();
    }, 30_000);
  };
  const press = (name: string | RegExp) =>
    act(async () => {
      const buttons = [...host.querySelectorAll<HTMLElement>('button, label')];
      const found = buttons.find((one) => new RegExp(name).test(one.textContent ?? ''));
      if (!found) throw new Error(`no ${name} in ${buttons.map((one) => one.textContent)}`);
      found.click();
    });
  const mains = () => [...host.querySelectorAll('.btn.main')].map((one) => one.textContent);
  const leave = () =>
    act(async () => {
      root.unmount();
      host.remove();
    });
  return { store, host, render, press, mains, leave };
}

describe.each(LESSONS)('at the end of lesson $name', ({ name, steps, title }) => {
  it('Check is the main action until the question is answered, then the next lesson', async () => {
    const { store, host, render, press, mains, leave } = await reader(name, steps.length + 1);
    await render();
    expect(host.querySelector('.lesson h2')?.textContent).toBe(title);
    expect(mains()).toEqual(['Check']);
    await press(`^${RECALLS[name][0].right.replace('%', '')}`);
    await press('^Check$');
    expect(host.textContent).toContain('Right.');
    expect(progressIn(store.state().progress, name).recalls).toEqual([true]);
    const next = LESSONS[LESSONS.findIndex((one) => one.name === name) + 1] ?? LESSONS[0];
    expect(mains()).toEqual([`Next: ${next.title}${next.minutes} min →`]);
    await leave();
  });
});

it('in a class link Hand in is the main action of the end', async () => {
  const { render, press, mains, leave } = await reader('what-is-lora', 8, { handin: true });
  await render();
  await press('^131,072');
  await press('^Check$');
  expect(mains()).toEqual(['Hand in …']);
  await leave();
});

it('takes a lesson along to the lab', async () => {
  const { store, render, press, leave } = await reader('what-is-lora', 8);
  await render();
  await press('^Take this owl to the lab$');
  expect(labOf(store.state(), 0)).toMatchObject({ left: null, view: { lesson: '', step: 1 } });
  await leave();
});

it('asks an earlier question before a lesson, explains, and then begins it', async () => {
  const { store, host, render, press, mains, leave } = await reader('cost', 1);
  store.dispatch({ type: 'studied', lesson: 'what-is-lora', changes: { recalls: [true] } });
  await render();
  expect(host.textContent).toContain('From lesson 0: What is LoRA?');
  expect(host.textContent).not.toContain('How many parameters does a rank train?');
  await press('^8,192|^32,768');
  await press('^Check$');
  expect(host.textContent).toContain('Not quite. It is 40,960.');
  expect(mains()).toEqual(['Begin: What it costs→']);
  await press('^Begin');
  expect(host.textContent).toContain('How many parameters does a rank train?');
  expect(progressIn(store.state().progress, 'what-is-lora').recalls).toEqual([true, false]);
  await leave();
});
