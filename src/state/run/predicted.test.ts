import { describe, expect, it } from 'vitest';
import { prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { multiply } from '../../math/matrix.ts';
import { initialState, type State } from '../state.ts';
import { readyMessage } from '../testing/page.ts';
import { distanceSoFar, firstChange, measuredDirections, predictedRun } from './predicted.ts';
import { extend, newRun } from './run.ts';

const e = change(defaults(), { d: 12, k: 12, truerank: 4, rank: 4, opt: 'sgd', init: 'orthonormal', steps: 40 });

/** A lab whose matrices are those of `e`, before its first step. */
function labOf(): State {
  const module = prepareModule(e, null);
  if ('why' in module || !module.spectrum.vectors) throw new Error('no vectors');
  const message = readyMessage(1, 12);
  const [sent] = message.modules;
  if (!sent.wanted) throw new Error('no target');
  const along = multiply(module.A, module.spectrum.vectors.V).data;
  const wanted = { ...sent.wanted, spectrum: module.spectrum.values, norm: module.targetNorm, along };
  const { rank, facts, A, B } = module;
  const ready = { ...message, modules: [{ ...sent, rank, facts, A: A.data, B: B.data, wanted }] as const };
  return {
    ...initialState({ backend: null, stepper: null }),
    experiment: e,
    run: { ...newRun(1, e), ready, rate: 0.1, status: 'idle' },
  };
}

const known = (state: State) => {
  const found = predictedRun(state);
  if (!found || 'why' in found) throw new Error(found?.why ?? 'nothing');
  return found;
};

describe('the prediction of a lab', () => {
  it('follows a setting at once, without a step, and is the same object while nothing moves', () => {
    const lab = labOf();
    const first = known(lab);
    expect(known({ ...lab, hover: { axis: 'step', step: 3 } })).toBe(first);
    const faster = known({ ...lab, experiment: change(e, { lr: 0.2 }) });
    const slower = known({ ...lab, experiment: change(e, { lr: 0.05 }) });
    expect(faster.error[10]).toBeLessThan(slower.error[10]);
    const weaker = known({ ...lab, experiment: change(e, { lr: 0.05, alpha: 8 }) });
    expect(weaker.error[10]).toBeGreaterThan(slower.error[10]);
    expect(predictedRun({ ...lab, experiment: change(e, { opt: 'adam' }) })).toMatchObject({
      why: 'No law for Adam yet.',
    });
  });

  it('is none above 1/(s√λ·σ₁), where no minimum is stable', () => {
    const lab = labOf();
    const most = 1 / (4 * 2 * (lab.run.ready?.modules[0].facts.sigma1 ?? 0));
    const at = (lr: number) => predictedRun({ ...lab, experiment: change(e, { alpha: 16, ratio: 4, lr }) });
    expect(at(0.99 * most)).toHaveProperty('error');
    expect(at(1.01 * most)).toEqual({ why: 'The run will not settle at this rate, so no end is predicted.' });
  });

  it('keeps the settings of step 0 once there are steps, and ends at the first change', () => {
    const lab = labOf();
    const list = Float64Array.from(known(lab).error.subarray(0, 9), (error) => error + 0.01);
    list[7] += 0.2;
    const norms = { gradNormA: list, gradNormB: list, updateNormA: list, updateNormB: list };
    const entries = { from: 0, series: { loss: list, relativeError: list }, modules: [norms] };
    const trace = extend(lab.run.trace, entries);
    const run = { ...lab.run, trace, rate: 0.1, status: 'training' } as const;
    const settled = known({ ...lab, run });
    expect(known({ ...lab, run, experiment: change(e, { lr: 0.3 }) })).toBe(settled);
    const own = Math.abs(distanceSoFar({ run }, settled) ?? 0);
    const changes = [
      { step: 0, key: 'lr', value: 0.2 },
      { step: 5, key: 'lr', value: 0.3 },
    ] as const;
    expect(firstChange({ changes })).toBe(5);
    expect(firstChange({ changes: [{ step: 4, key: 'steps', value: 400 }] })).toBeNull();
    expect(distanceSoFar({ run: { ...run, changes } }, settled)).toBeLessThan(own - 0.1);
    expect(distanceSoFar(lab, settled)).toBeNull();
  });

  it('collects what was measured of the directions, between frames and in them, in the order of the steps', () => {
    const lab = labOf();
    const one = (x: number) => Float64Array.of(x, 0);
    const module = { A: new Float32Array(0), B: new Float32Array(0), spectrum: null, alignment: null };
    const run = {
      ...lab.run,
      modules: [{ name: 'W', d: 12, k: 12, rank: 4 }],
      samples: [
        { step: 2, spectra: [null], directions: [one(2)] },
        { step: 6, spectra: [one(1)] },
      ],
      frames: [
        { step: 0, modules: [{ ...module, directions: one(0) }] },
        { step: 4, modules: [{ ...module, directions: one(4) }] },
        { step: 8, modules: [module] },
      ],
    };
    const { steps, spectra } = measuredDirections({ run, view: lab.view });
    expect(steps).toEqual([0, 2, 4]);
    expect(spectra.map(([x]) => x)).toEqual([0, 2, 4]);
  });
});
