import { describe, expect, it } from 'vitest';
import { shownFrame, shownStep } from '../../state/select.ts';
import { trainedState } from '../../state/testing/page.ts';
import { sceneOf } from '../../ui/lab-scene.ts';
import { settingsLine } from '../../ui/words/settings-line.ts';
import { filmSeconds, filmSteps, filmWords, HOLD_SECONDS, stateAt } from './film.ts';

const frame = (step: number, size = 4) => ({
  step,
  modules: [{ A: new Float32Array(size), B: new Float32Array(size), spectrum: null, alignment: null }],
});

describe('the steps of a film', () => {
  it('are all that are kept, where there are few', () => {
    expect(filmSteps([0, 3, 7].map((step) => frame(step)))).toEqual([0, 3, 7]);
  });

  it('are not those whose factors were let go', () => {
    expect(filmSteps([frame(0), frame(3, 0), frame(7)])).toEqual([0, 7]);
  });

  it('are some of many, ascending, from the first to the last, and never take more than ten seconds', () => {
    const steps = filmSteps(Array.from({ length: 1500 }, (_, i) => frame(2 * i)));
    expect([steps[0], steps.at(-1)]).toEqual([0, 2998]);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(filmSeconds(steps.length) + HOLD_SECONDS).toBeLessThanOrEqual(10);
    expect(filmSeconds(2)).toBeGreaterThan(1);
  });
});

describe('the lab as it stood at a step', () => {
  const now = trainedState();

  it('has the curves, the factors and the figures up to that step, and no cursor', () => {
    const then = stateAt({ ...now, hover: { axis: 'step', step: 2 } }, 4);
    expect(shownStep(then)).toBe(4);
    expect(shownFrame(then)?.step).toBeLessThanOrEqual(4);
    const scene = sceneOf(then, 'step');
    expect([scene.curves.length, scene.step, scene.lookingBack, scene.hover]).toEqual([5, 4, false, null]);
    expect(scene.budget).toBe(now.experiment.steps);
    expect(filmWords(then).subtitle).toContain('Step 4 · relative error');
    expect(settingsLine(then)).toContain('step 4 of 300');
    expect(shownStep(now)).toBe(10);
    expect(sceneOf(now, 'step').curves.length).toBe(11);
  });

  it('has the settings that were in force then', () => {
    const changed = {
      ...now,
      experiment: { ...now.experiment, alpha: 64 },
      run: { ...now.run, changes: [{ step: 6, key: 'alpha', value: 64 } as const] },
    };
    const alphaAt = (step: number) => stateAt(changed, step).experiment.alpha;
    expect([alphaAt(5), alphaAt(6), alphaAt(10)]).toEqual([now.experiment.alpha, 64, 64]);
    expect(settingsLine(stateAt(changed, 10))).toContain('1 setting changed during the run');
  });
});

describe('the settings in one line', () => {
  it('name target, size, rank, α and s, initialisation, optimiser, rate and seed', () => {
    expect(settingsLine(trainedState())).toMatch(
      /, 64\u00a0×\u00a064 · rank 8 · α = 16 \(s = 2\) · Kaiming uniform · Adam, rate [\d.]+ \(automatic\) · step 10 of 300 · seed 1$/,
    );
  });
});
