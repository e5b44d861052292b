import { floorOf } from '../../src/experiment/layer/floor.ts';
import { mergeInSlices, mergingInputs, STORAGES } from '../../src/experiment/layer/merging.ts';
import { number, percent } from '../../src/experiment/numbers.ts';
import type { RunFile } from '../../src/experiment/run-file/run-file.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { type Svd, svd } from '../../src/math/factor/svd.ts';
import { type Matrix64, multiply, scale, subtract } from '../../src/math/matrix.ts';
import { drain } from '../../src/math/progress.ts';
import { stream } from '../../src/math/random.ts';
import { effectiveRank, errorAtRank } from '../../src/math/spectral/spectra.ts';
import { intruderDimensions, subspaceAlignment } from '../../src/math/spectral/subspaces.ts';

type Rows = readonly (readonly number[])[];

/** An ended run of the page, as the claim of a preset reads it. */
export class Ended {
  constructor(readonly file: RunFile) {}
  get diverged(): boolean {
    return this.file.status === 'diverged';
  }
  get errors(): readonly number[] {
    return this.file.trace.relativeError.map((error) => error ?? Number.NaN);
  }
  get error(): number {
    return this.errors[this.errors.length - 1];
  }
  get target(): Matrix64 {
    return matrixOf(this.file.layers[0].target ?? []);
  }
  get base(): Matrix64 {
    return matrixOf(this.file.layers[0].base ?? []);
  }
  floor(rank: number): number {
    return floorOf(svd(this.target).S)[rank];
  }
  /** s·B·A minus its value at step 0: ΔW if W₀ was moved or B begins at zero. */
  get update(): Matrix64 {
    return subtract(this.product('final'), this.product('initial'));
  }
  product(which: 'initial' | 'final'): Matrix64 {
    const { A, B } = this.file.layers[0][which];
    return scale(multiply(matrixOf(B), matrixOf(A)), this.file.scaling);
  }
  /** Floor of the target of s·B·A if W₀ was moved: ΔW* + s·B₀·A₀. */
  get ownFloor(): number {
    const goal = subtract(this.target, scale(this.product('initial'), -1));
    return errorAtRank(svd(goal).S)[this.file.layers[0].rank] / errorAtRank(svd(this.target).S)[0];
  }
  get heldOut(): number {
    return this.file.trace.heldOutLoss?.values.at(-1) ?? Number.NaN;
  }
}

function matrixOf(rows: Rows): Matrix64 {
  return { rows: rows.length, cols: rows[0]?.length ?? 0, data: Float64Array.from(rows.flat()) };
}

/** Trains the preset with other settings; with `stops`, the run as it is after each of those steps. */
export type Train = (changes?: Partial<Experiment>, stops?: readonly number[]) => Promise<readonly Ended[]>;

type Claim = (train: Train) => Promise<readonly [measured: string, holds: boolean]>;

const KAIMING = { init: 'kaiming-uniform' } as const;
const one = async (train: Train, changes?: Partial<Experiment>) => (await train(changes))[0];

const nearFloor =
  (rank: number, share: number, changes: Partial<Experiment> = {}): Claim =>
  async (train) => {
    const run = await one(train, changes);
    const floor = run.floor(rank);
    return [`error ${number(run.error)}, floor ${number(floor)}`, run.error < floor * (1 + share)];
  };

function cutError(run: Ended, rank: number): number {
  const { U, S, V } = svd(run.update);
  const { target } = run;
  let square = 0;
  let norm = 0;
  for (let i = 0; i < target.rows; i++) {
    for (let j = 0; j < target.cols; j++) {
      let value = -target.data[i * target.cols + j];
      norm += value * value;
      for (let p = 0; p < rank; p++) value += U.data[i * U.cols + p] * S[p] * V.data[j * V.cols + p];
      square += value * value;
    }
  }
  return Math.sqrt(square / norm);
}

const alignment = (a: Svd, b: Svd) => subspaceAlignment(a.U, a.S, b.U, b.S);

export const CLAIMS: Readonly<Record<string, Claim>> = {
  sunglasses: nearFloor(8, 0.01, { steps: 400 }),
  hat: nearFloor(4, 0.01),
  confetti: nearFloor(8, 0.001),
  'two-tasks': async (train) => {
    const [at8, at11] = [await one(train), await one(train, { rank: 11, alpha: 22 })];
    return [`error ${number(at8.error)} at 8, ${number(at11.error)} at 11`, at8.error > 0.13 && at11.error < 0.0733];
  },
  picture: nearFloor(8, 0.02),
  'true-rank': async (train) => {
    const run = await one(train);
    return [`error ${number(run.error)}`, run.error < 0.051 && run.floor(4) / run.floor(8) > 10];
  },
  'rank-floor': nearFloor(8, 0.005),
  'flat-spectrum': nearFloor(8, 0.01),
  'unused-rank': async (train) => {
    const run = await one(train);
    const found = effectiveRank(svd(run.update).S);
    return [`effective rank ${number(found)}`, Math.abs(found - 2.93) < 0.05];
  },
  'rank-regularises': async (train) => {
    const [low, right, high] = [
      await one(train, { rank: 1 }),
      await one(train, { rank: 4 }),
      await one(train, { rank: 16 }),
    ].map(({ heldOut }) => heldOut);
    return [`held-out ${number(low)} at 1, ${number(right)} at 4, ${number(high)} at 16`, right < low && right < high];
  },
  'dead-start': async (train) => {
    const run = await one(train);
    const { gradNormA, gradNormB } = run.file.layers[0].trace;
    const still = [...gradNormA, ...gradNormB].every((norm) => norm === 0);
    return [`error ${number(run.error)}`, still && Math.abs(run.error - 1) < 1e-6];
  },
  'zero-start': async (train) => {
    const at20 = async (init: Experiment['init']) => (await one(train, { init })).errors[20];
    const [zero, random, peft, informed] = [
      await at20('kaiming-uniform'),
      await at20('symmetric'),
      await at20('both-random'),
      await at20('lora-ga'),
    ];
    return [
      `after 20 steps ${[zero, random, peft, informed].map((error) => number(error)).join(', ')}`,
      Math.abs(zero / random - 1) < 0.15 && peft > 1 && informed < 0.8 * zero,
    ];
  },
  'first-step': async (train) => {
    const match = async (changes: Partial<Experiment>) => {
      const run = await one(train, changes);
      return alignment(svd(run.target), svd(run.update))[7];
    };
    const [informed, kaiming] = [await match({}), await match(KAIMING)];
    return [`match at i = 8: ${number(informed)}, ${number(kaiming)}`, informed > 0.999 && kaiming < 0.5];
  },
  pissa: async (train) => {
    const [pissa, kaiming] = [(await one(train)).errors[10], (await one(train, KAIMING)).errors[10]];
    return [`after 10 steps ${number(pissa)}, ${number(kaiming)}`, pissa < 0.08 && kaiming > 0.59];
  },
  'pissa-against': async (train) => {
    const [pissa, kaiming] = [await one(train), await one(train, KAIMING)];
    return [
      `error ${number(pissa.error)}, ${number(kaiming.error)}`,
      Math.abs(pissa.error - 0.84) < 0.02 && Math.abs(kaiming.error - 0.044) < 0.001,
    ];
  },
  'own-floors': async (train) => {
    const ends = [];
    for (const init of ['pissa', 'milora', 'olora', 'lora-ga'] as const) ends.push(await one(train, { init }));
    const over = ends.map((run) => run.error / run.ownFloor);
    return [`error ÷ own floor ${over.map((x) => x.toFixed(3)).join(', ')}`, over.every((x) => x > 0.999 && x < 1.02)];
  },
  'best-rate': async (train) => {
    const best = [];
    for (const rank of [1, 32]) {
      const errors = [];
      for (const lr of [0.002, 0.02, 0.2]) errors.push((await one(train, { rank, lr })).error);
      best.push([0.002, 0.02, 0.2][errors.indexOf(Math.min(...errors))]);
    }
    return [`best of 0.002, 0.02, 0.2 at ranks 1 and 32: ${best.join(', ')}`, best[1] === 0.02];
  },
  'largest-rate': async (train) => {
    const edges = [
      ['standard', 1, 0.02, 0.05],
      ['standard', 32, 2, 5],
      ['rslora', 1, 0.02, 0.05],
      ['rslora', 32, 0.2, 0.5],
      ['none', 1, 1, 2],
      ['none', 32, 1, 2],
    ] as const;
    const found = [];
    for (const [scaling, rank, trains, diverges] of edges) {
      const below = await one(train, { scaling, rank, lr: trains });
      const above = await one(train, { scaling, rank, lr: diverges });
      found.push(!below.diverged && above.diverged);
    }
    return [`${found.filter(Boolean).length} of 6 edges where the test has them`, found.every(Boolean)];
  },
  'scaling-rule': async (train) => {
    const at = async (scaling: Experiment['scaling'], rank: number) => (await one(train, { scaling, rank })).error;
    const [plain16, plain64] = [await at('standard', 16), await at('standard', 64)];
    const [root16, root64] = [await at('rslora', 16), await at('rslora', 64)];
    return [
      `α/r ${number(plain16)} → ${number(plain64)}, α/√r ${number(root16)} → ${number(root64)}`,
      plain64 > 1.1 * plain16 && root64 < root16,
    ];
  },
  'where-the-zero-goes': async (train) => {
    const zeroB = await one(train, { lr: 0.2 });
    const zeroA = await one(train, { init: 'init-b', lr: 0.1 });
    return [
      `B = 0 at rate 0.2 ${number(zeroB.error)}; A = 0 at 0.1 ${zeroA.file.status}`,
      zeroB.error < 0.05 && zeroA.diverged,
    ];
  },
  'two-rates': async (train) => {
    const best = async (ratio: number) => {
      const errors = [];
      for (const lr of [0.005, 0.01, 0.02, 0.05]) errors.push((await one(train, { ratio, lr })).error);
      return Math.min(...errors);
    };
    const [plain, four, sixteen] = [await best(1), await best(4), await best(16)];
    return [
      `best ${number(plain)}, ${number(four)}, ${number(sixteen)}`,
      Math.abs(four / plain - 1.1) < 0.1 && sixteen > 1.3 * plain,
    ];
  },
  bfloat16: async (train) => {
    const stops = await train({}, [1, 10, 100, 1000]);
    const lost = stops.map((run) => {
      const { A, B } = run.file.layers[0].final;
      const layer = { W: single(run.base), A: single(matrixOf(A)), B: single(matrixOf(B)), scaling: run.file.scaling };
      const inputs = mergingInputs(run.base.cols, 1, stream(1, 'x'));
      return drain(mergeInSlices(layer, inputs, STORAGES.bfloat16)).lost;
    });
    return [`lost ${lost.map(percent).join(', ')}`, lost.map(percent).join() === '98%,79%,17%,2%'];
  },
  intruders: async (train) => {
    const count = async (changes: Partial<Experiment>) => {
      const run = await one(train, changes);
      return intruderDimensions(svd(run.base), svd(subtract(run.base, scale(run.update, -1))));
    };
    const [own, aligned] = [await count({}), await count({ align: 1 })];
    return [`${own} intruders, aligned ${aligned}`, own === 3 && aligned === 0];
  },
  cut: async (train) => {
    const [low, high] = [await one(train), await one(train, { rank: 64, alpha: 64 })];
    const after = cutError(high, 32);
    return [
      `at 32 ${number(low.error)}, 64 cut to 32 ${number(after)}, floor ${number(low.floor(32))}`,
      after < 1.01 * low.floor(32) && low.error > 1.2 * low.floor(32),
    ];
  },
  'same-directions': async (train) => {
    const [low, high] = [await one(train), await one(train, { rank: 64 })];
    const found = alignment(svd(low.update), svd(high.update));
    return [`φ(4, 4) ${number(found[3])}, φ(8, 8) ${number(found[7])}`, found[3] > 0.99 && found[7] < 0.9];
  },
};

const single = ({ rows, cols, data }: Matrix64) => ({ rows, cols, data: Float32Array.from(data) });
