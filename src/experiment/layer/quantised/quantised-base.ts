import { svd } from '../../../math/factor/svd.ts';
import { frobenius, type Matrix32, multiply, subtract, zeros32 } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import type { Triplets } from '../../inits/init.ts';
import { type KnownValues, knownValues } from '../../targets/spectrum.ts';
import type { Report } from '../../targets/target.ts';
import { once } from '../cached.ts';

/** Q in the place of W₀, and what the adapter on it has to become. */
export interface QuantisedBase {
  readonly base: { readonly matrix: Matrix32; readonly triplets: (report: Report) => Triplets };
  /** ΔW* + W₀ − Q, so that the goal stays W₀ + ΔW*. `unit` is ‖ΔW*‖_F, of which errors are shares. */
  readonly target: {
    readonly matrix: Matrix32;
    readonly norm: number;
    readonly unit: number;
    readonly known: KnownValues;
    readonly triplets: (report: Report) => Triplets;
  };
}

/** W₀ and ΔW* as they were, beside a module that trains on Q. */
export interface Unquantised {
  readonly base: Matrix32;
  readonly target: Matrix32;
  /** ‖Q − W₀‖_F/‖W₀‖_F, and ‖Q + ΔW − W₀‖_F/‖W₀‖_F at step 0. */
  readonly off: number;
  readonly start: number;
  /** The smallest error at this rank if W₀ were kept in full precision; null: not known. */
  readonly floor: number | null;
}

interface Unit {
  readonly matrix: Matrix32;
  readonly norm: number;
}

/** Q = deq(NF4(`rest`)), `rest` being W₀ or, for QPiSSA, W₀ − s·B·A. */
export function quantisedBase(W0: Matrix32, rest: Matrix32, wanted: Unit, report: Report): QuantisedBase {
  const Q = throughNf4(rest);
  const goal = zeros32(W0.rows, W0.cols);
  for (let i = 0; i < goal.data.length; i++) goal.data[i] = wanted.matrix.data[i] + (W0.data[i] - Q.data[i]);
  const stage = 'what the adapter has to become';
  return {
    base: { matrix: Q, triplets: once((to: Report) => svd(Q, (part) => to('singular vectors of the base', part))) },
    target: {
      matrix: goal,
      norm: frobenius(goal),
      unit: wanted.norm,
      known: knownValues(goal, {}, (part) => report(stage, part)),
      triplets: once((to: Report) => svd(goal, (part) => to(stage, part))),
    },
  };
}

/** ‖Q − W₀‖_F/‖W₀‖_F; W₀ is never zero here. */
export const distanceOff = (W0: Matrix32, Q: Matrix32): number => frobenius(subtract(Q, W0)) / frobenius(W0);

/** The same of Q + s·B·A. */
export function startOff(W0: Matrix32, Q: Matrix32, A: Matrix32, B: Matrix32, s: number): number {
  const product = multiply(B, A).data;
  let square = 0;
  for (let i = 0; i < product.length; i++) {
    const left = Q.data[i] + s * product[i] - W0.data[i];
    square += left * left;
  }
  return Math.sqrt(square) / frobenius(W0);
}
