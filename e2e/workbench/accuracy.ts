import type { Settings } from '../../src/engine/steppers/stepper.ts';
import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { lossAndGradients, train } from '../../src/engine/testing/float64.ts';
import { type OneStart, oneStepper, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';
import { raggedCases, raggedErrors } from '../../src/engine/testing/ragged-cases.ts';
import { differenceOfLargest, matrixOf, relativeDifference } from '../../src/engine/testing/starts.ts';
import type { OptimiserName } from '../../src/experiment/optimisers.ts';
import gradients from '../../src/math/golden/gradients.json' with { type: 'json' };
import training from '../../src/math/golden/training.json' with { type: 'json' };
import { type Name, open } from './open.ts';

const flat = (rows: readonly (readonly number[])[]) => new Float32Array(rows.flat());
const off = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Math.max(...Array.from(y, (value, i) => Math.abs(value - x[i])));

/** The largest errors over `shares` of `circle` parts of the ragged cases, with the case of each. */
export async function ragged(name: Name, shares: number, circle: number) {
  const worst: Record<string, { error: number; title: string }> = {};
  for (const [i, one] of raggedCases().entries()) {
    if (i % circle >= shares) continue;
    const stepper = await open(name, one.start);
    const errors = raggedErrors(one, await stepper.measure(), await stepper.steps(one.steps));
    stepper.dispose();
    for (const [key, error] of Object.entries(errors)) {
      if (!(error <= (worst[key]?.error ?? -1))) worst[key] = { error, title: one.title };
    }
  }
  return worst;
}

/** PyTorch's runs: relative errors of losses and norms, differences of the last factors. */
export async function golden(name: Name) {
  const out = [];
  for (const c of training.cases) {
    const { d, k, rank, scaling, steps } = c;
    const settings: Settings = {
      scaling,
      opt: c.optimiser as OptimiserName,
      lr: c.learningRate,
      ratio: c.learningRateRatio,
    };
    const stepper = await open(name, { d, k, rank, target: flat(c.target), A: flat(c.A0), B: flat(c.B0), settings });
    const [first, rest] = [await stepper.measure(), await stepper.steps(steps)];
    stepper.dispose();
    const error = (key: 'loss' | 'gradNormA' | 'gradNormB') =>
      relativeDifference([...first.entries[key], ...rest.entries[key]], c.trace[key]);
    out.push({
      title: `${d} × ${k}, rank ${rank}, ${c.optimiser}`,
      relative: Math.max(error('loss'), error('gradNormA'), error('gradNormB')),
      factors: Math.max(off(rest.A, flat(c.A)), off(rest.B, flat(c.B))),
    });
  }
  return out;
}

/** PyTorch's gradients, measured by one step of SGD at rate 1. */
export async function goldenGradients(name: Name) {
  const out = [];
  for (const { d, k, rank, scaling, matrix: wanted, ...c } of gradients.cases) {
    const settings: Settings = { scaling, opt: 'sgd', lr: 1, ratio: 1 };
    const start: OneStart = { d, k, rank, target: flat(c.target), A: flat(c.A), B: flat(c.B), settings };
    const stepper = await open(name, start);
    const { entries } = await stepper.measure();
    const { A, B } = await stepper.steps(1);
    stepper.dispose();
    out.push({
      loss: Math.abs(entries.loss[0] / wanted.loss - 1),
      gradA: differenceOfLargest(
        A.map((x, i) => start.A[i] - x),
        wanted.gradA.flat(),
      ),
      gradB: differenceOfLargest(
        B.map((x, i) => start.B[i] - x),
        wanted.gradB.flat(),
      ),
    });
  }
  return out;
}

/** Largest relative error of a loss over a run, against the same run in float64. */
export async function lossError(name: Name, start: OneStart, steps: number): Promise<number> {
  const { d, k, rank, settings } = start;
  const stepper = await open(name, start);
  const losses = [...(await stepper.measure()).entries.loss, ...(await stepper.steps(steps)).entries.loss];
  stepper.dispose();
  const oracle = train(
    matrixOf(d, k, start.target),
    matrixOf(rank, k, start.A),
    matrixOf(d, rank, start.B),
    settings,
    steps,
  );
  return relativeDifference(losses, oracle.loss);
}

/** The loss after every `pack` steps as a fraction of the first, and its relative error for that frame's factors. */
export async function lossStages(name: Name, start: OneStart, packs: number, pack: number) {
  const { d, k, rank, settings } = start;
  const stepper = await open(name, start);
  const first = (await stepper.measure()).entries.loss[0];
  const stages: { share: number; error: number }[] = [];
  for (let i = 0; i < packs; i++) {
    const { entries, A, B } = await stepper.steps(pack);
    const shown = entries.loss[pack - 1];
    const { loss } = lossAndGradients(
      matrixOf(d, k, start.target),
      matrixOf(rank, k, A),
      matrixOf(d, rank, B),
      settings.scaling,
    );
    stages.push({ share: loss / first, error: Math.abs(shown / loss - 1) });
  }
  stepper.dispose();
  return stages;
}

/** The stepper and the TypeScript one from a state that the latter hands over, and the state handed back. */
export async function handOver(name: Name, start: OneStart) {
  const one = oneStepper(typescriptStepper(startOfMatrix(start)));
  const { A, B } = await one.steps(6);
  const other = await open(name, { ...start, A, B, state: await one.optimiserState() });
  const taken = await other.measure();
  const [went, goes] = [await one.steps(8), await other.steps(8)];
  const [state, wanted] = [await other.optimiserState(), await one.optimiserState()];
  other.dispose();
  const moments = (['A', 'B'] as const).flatMap((f) =>
    wanted[f].map((m, i) => off(state[f][i], m) / Math.max(...m.map(Math.abs))),
  );
  return {
    exact: off(taken.A, A) === 0 && off(taken.B, B) === 0,
    loss: relativeDifference(goes.entries.loss, went.entries.loss),
    moments: Math.max(0, ...moments),
    t: state.t,
    counts: [state.A.length, state.B.length],
  };
}
