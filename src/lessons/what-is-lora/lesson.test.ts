import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own.ts';
import { trainQuietly } from '../../engine/quiet.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/scaling.ts';
import { initialState } from '../../state/state.ts';
import { eventsFor } from '../step.tsx';
import { lesson } from './lesson.tsx';

const links = lesson.steps.map(({ link }) => parseLink(link ?? ''));
const [owl, , , one, weak] = links.map(({ experiment }) => experiment);

/** A run to its end, as the page makes it. */
async function run(e: Experiment) {
  const { problem, summary } = await trainQuietly(e, { backends: [typescriptBackend] });
  return {
    error: summary.relativeError ?? Number.NaN,
    floor: floorOf(problem.modules[0].wanted.spectrum.values),
  };
}

describe('What is LoRA?', () => {
  it('opens links that the page reads without a remark', () => {
    expect(links.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('has its counts right', () => {
    expect([owl.d, owl.k, owl.rank, countsOf(adapterOf(owl)).full]).toEqual([64, 64, 8, 4096]);
    expect(countsOf(adapterOf(owl)).share).toBe(1 / 4);
    expect(countsOf(adapterOf(one)).trained).toBe(128);
    const large = countsOf({ d: 4096, k: 4096, rank: 16, frozenFactor: null });
    expect([large.trained, large.full, 1 / large.share]).toEqual([131_072, 16_777_216, 128]);
  });

  it('shows what it says of the sunglasses: begun after 20 steps, a bar at rank 1, exact at rank 13', async () => {
    expect((await run(change(owl, { steps: 20 }))).error).toBeLessThan(0.5);
    const bar = await run(one);
    // The exact floors of the design, an independent computation.
    for (const [rank, floor] of [
      [1, 0.6442],
      [4, 0.214],
      [8, 0.0733],
    ] as const)
      expect(bar.floor[rank]).toBeCloseTo(floor, 4);
    expect([bar.floor[12] > 1e-3, bar.floor[13] < 1e-9]).toEqual([true, true]);
    expect(bar.error / 0.6442).toBeLessThan(1.01);
  });

  it('trains what its buttons set, however long a run takes, and no more of what is set already', () => {
    const { run, ...page } = initialState({ backend: null, stepper: null });
    const does = (experiment: Experiment) => {
      const over = { ...run, experiment, status: 'finished' } as const;
      return lesson.steps[2].act?.does?.({ ...page, run: over });
    };
    expect(does(owl)).toMatchObject([{ type: 'changed' }, { type: 'train' }]);
    expect(does(one)).toMatchObject([{ type: 'changed' }]);
  });

  it('trains at full speed wherever it trains', () => {
    const { run, ...page } = initialState({ backend: null, stepper: null });
    const states = [owl, one].map((experiment) => ({
      ...page,
      run: { ...run, experiment, status: 'paused' } as const,
    }));
    const events = lesson.steps.flatMap((step) =>
      states.flatMap((state) => [...eventsFor(step, state), ...(step.act?.does?.(state) ?? [])]),
    );
    const trained = events.filter(({ type }) => type === 'train');
    expect(trained.length).toBeGreaterThan(10);
    for (const event of trained) expect(event).toHaveProperty('atOnce', true);
  });

  it('a hat needs fewer patterns, confetti nearly all', async () => {
    const whole = async (edit: Experiment['edit']) =>
      (await run(change(owl, { edit, steps: 1 }))).floor.findIndex((error) => error < 1e-9);
    expect(await whole('hat')).toBe(8);
    expect(await whole('confetti')).toBe(60);
  });

  it('α = 16 gets much further than α = 1 in the same steps at the same rate', async () => {
    const strong = change(weak, { alpha: 16 });
    expect([scalingOf(weak), scalingOf(strong), weak.lr, strong.lr]).toEqual([1 / 8, 2, 0.005, 0.005]);
    const [slow, quick] = [await run(weak), await run(strong)];
    expect(quick.error).toBeLessThan(slow.error / 2);
    expect(quick.floor).toEqual(slow.floor);
  });
});
