// @vitest-environment happy-dom
import { act, createElement, type ReactNode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { parseLink, settingsLink } from '../../experiment/link/link.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { writeCost } from '../../plan/model/cost-link.ts';
import { defaultCost } from '../../plan/model/setting.ts';
import { initialPage, labOf, updatePage } from '../../state/page.ts';
import { createStore, type State } from '../../state/state.ts';
import { PageProvider } from '../../ui/page.tsx';
import { EXAMPLE } from '../by-hand/worked-example.ts';
import { LESSONS } from '../list.ts';
import { RUNS } from '../rank/column-space.ts';
import { isEdgeOn } from '../rank/columns.tsx';
import { isMaxStretch } from '../rank/ellipse.tsx';
import { RECORDED } from '../scaling/recorded.ts';
import type { Lesson, Step } from '../step.tsx';
import { useSetUp } from './frame.tsx';
import { type LessonValues, LessonValuesProvider, useLessonValue, useLessonValues } from './values.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const place = (stage: string, product: number) => ({ place: { step: 1, stage, product } });
const live = (stage: string, product: number) => ({ 'live place': { stage, product } });
const typed = (change: Partial<typeof EXAMPLE>) => ({ numbers: { ...EXAMPLE, ...change } });

/** The input that is stretched most, in degrees. */
const LONGEST = Array.from({ length: 360 }, (_, angle) => angle).find(isMaxStretch);
/** A turn of the picture in which the learned plane is a line. */
const EDGE_ON = Array.from({ length: 3600 }, (_, n) => ({
  yaw: (n % 60) / 10 - 3,
  pitch: Math.floor(n / 60) / 20 - 1.5,
})).find((view) => isEdgeOn(view, RUNS.learned));
/** The last rate that trains at rank 32 in the map of SGD. */
const EDGE = RECORDED.maps.sgd.cells.standard[5].indexOf(null) - 1;

/** The values of a figure once an act is done, by lesson and step. */
const DONE: Readonly<Record<string, Readonly<Record<number, LessonValues>>>> = {
  'by-hand': {
    3: typed({ x: [5.5, 2, -1, 0.5] }),
    5: place('gradB', 3),
    6: typed({
      B: [
        [1, 0],
        [0, 0],
        [0, 0],
      ],
    }),
    8: typed({ delta: [3, 1, 2] }),
  },
  rank: {
    1: { shown: true },
    5: { kept: 4 },
    6: { angle: LONGEST },
    8: { view: EDGE_ON },
    9: { b: 'frozen' },
  },
  scaling: { 2: { rule: 'rslora' }, 4: { optimiser: 'adam' }, 5: { pointed: [EDGE, 5, 0] }, 6: { optimiser: 'adam' } },
  starts: { 1: { optimiser: 'sgd' }, 4: { drawn: '64', draw: 2 }, 5: { 'draw of lengths': 2 }, 6: { pointed: [5, 0] } },
  gradients: { 2: live('gradB', 0), 3: live('gradB', 3), 4: live('gradA', 2), 5: live('gradA', 0), 6: { input: 1 } },
  optimisers: { 2: { first: 'adam' }, 3: { rank: '4' }, 4: { dial: 'scaled' }, 6: { 'rate of signSGD': 'quarter' } },
  'low-rank': { 2: { decay: 0.4 }, 5: { task: 'few' }, 6: { task: 'matrix' }, 7: { module: 10 } },
  choosing: { 2: { samples: 1024 } },
  beyond: {
    4: { 'shown parts': 'one' },
    5: { cell: { kind: 'noise', adapter: 'lora', rank: 8, places: false } },
    6: { 'chosen from': 'low-rank' },
    7: { written: 'row-scaling' },
    8: { asked: 'S' },
  },
  merging: { 4: { weights: [0, 1, 0] }, 5: { weights: [0.5, 0, 0.5] }, 6: { way: 'factors' } },
};

const { model, ...rest } = defaultCost();
/** The calculator once an act is done, by step of the lesson on costs. */
const COSTS: Readonly<Record<number, string>> = {
  2: writeCost({ model, ...rest, ranks: { q: 20 } }),
  4: writeCost({ model, ...rest, checkpoints: false }),
  5: writeCost({ model, ...rest, ranks: { q: 8, k: 8, v: 8, o: 8, gate: 16, up: 16, down: 16 } }),
};

interface Arrival {
  readonly state: State;
  readonly values: LessonValues;
  readonly figure: string;
}

function Put({ name, to }: { readonly name: string; readonly to: unknown }): ReactNode {
  const [value] = useState({ name, initial: undefined as unknown });
  const [, set] = useLessonValue(value);
  useEffect(() => set(to), [set, to]);
  return null;
}

/** A reader of a lesson without an engine: goes to a step, does its act, and reports what is there. */
async function reader({ name, steps }: Lesson) {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  const host = document.createElement('div');
  const root = createRoot(host);
  const seen: { values: LessonValues } = { values: {} };
  function Inside({ step, puts }: { readonly step: Step; readonly puts: LessonValues }): ReactNode {
    useSetUp(step);
    seen.values = useLessonValues();
    const { figure } = step;
    const shown = figure?.place === 'lab' && !figure.live;
    return (
      <>
        {shown && createElement(figure.Figure)}
        {Object.entries(puts).map(([key, to]) => (
          <Put key={key} name={key} to={to} />
        ))}
      </>
    );
  }
  const show = (at: number, puts: LessonValues = {}) =>
    act(async () =>
      root.render(
        <PageProvider store={store}>
          <LessonValuesProvider step={steps[at].title} begins={steps[at].values}>
            <Inside step={steps[at]} puts={puts} />
          </LessonValuesProvider>
        </PageProvider>,
      ),
    );
  return {
    async goTo(at: number): Promise<Arrival> {
      await act(async () => store.dispatch({ type: 'viewed', changes: { lesson: name, step: at + 1 } }));
      await show(at);
      return { state: labOf(store.state(), 0), values: seen.values, figure: textOf(host) };
    },
    async does(at: number) {
      await show(at, DONE[name]?.[at + 1] ?? {});
      await act(async () => {
        for (const event of steps[at].act?.does?.(labOf(store.state(), 0)) ?? []) store.dispatch(event);
        const cost = name === 'cost' ? COSTS[at + 1] : undefined;
        if (cost !== undefined) store.dispatch({ type: 'viewed', changes: { cost } });
      });
      return { state: labOf(store.state(), 0), values: seen.values, figure: textOf(host) };
    },
    leave: () => act(async () => root.unmount()),
  };
}

/** Without what is announced, which follows later. */
function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
  if (node instanceof Element && node.getAttribute('role') === 'status') return '';
  return Array.from(node.childNodes, textOf).join('');
}

const numbersIn = (text: string) => text.match(/−?\d[\d,.·]*\d|\d/g) ?? [];

/** Steps in whose act the reader works on a figure in the place of the lab, or on the calculator. */
const worksOnFigure = ({ figure, act }: Step) => act !== undefined && figure?.place === 'lab' && !figure.live;

describe.each(await Promise.all(LESSONS.map(async (entry) => (await entry.load()).lesson)))(
  'lesson $name',
  (lesson) => {
    it('begins each step with its own numbers, after the acts of all steps before it', async () => {
      const one = await reader(lesson);
      const compared = partOf(
        lesson.steps,
        3,
        LESSONS.findIndex(({ name }) => name === lesson.name),
      );
      for (const [at, step] of lesson.steps.entries()) {
        const arrived = await one.goTo(at);
        if (compared.includes(step)) {
          const fresh = await reader(lesson);
          const expected = await fresh.goTo(at);
          expect(numbersIn(arrived.figure), step.title).toEqual(numbersIn(expected.figure));
          expect({ ...arrived.values, shown: null }, step.title).toEqual({ ...expected.values, shown: null });
          await fresh.leave();
        }
        // A drawing is decoded later.
        if (step.link !== undefined && !step.link.includes('&data='))
          expect(settingsLink(arrived.state.experiment), step.title).toBe(
            settingsLink(parseLink(step.link).experiment),
          );
        if (worksOnFigure(step)) expect(step.act?.done(arrived.state, arrived.values), step.title).toBe(false);
        const after = await one.does(at);
        if (worksOnFigure(step)) expect(step.act?.done(after.state, after.values), step.title).toBe(true);
      }
      await one.leave();
    });

    it('leaves a step that the reader comes back to as he left it', async () => {
      const one = await reader(lesson);
      const all = [...lesson.steps.entries()].filter(([at, step]) => worksOnFigure(step) && lesson.steps[at + 1]);
      for (const [at, step] of partOf(all, 3, lesson.name.length)) {
        await one.goTo(at);
        const left = await one.does(at);
        await one.goTo(at + 1);
        const back = await one.goTo(at);
        expect(numbersIn(back.figure), step.title).toEqual(numbersIn(left.figure));
        expect(back.state.view.cost).toBe(left.state.view.cost);
      }
      await one.leave();
    });
  },
);
