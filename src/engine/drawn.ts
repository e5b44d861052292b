import { floorAtRank } from '../experiment/layer/bound.ts';
import type { Layer } from '../experiment/layer.ts';
import type { SampleSet } from '../experiment/regression/samples.ts';
import { LARGEST_LISTED } from '../experiment/run-file.ts';
import type { Matrix32 } from '../math/matrix.ts';
import { type Plane, productCells, type Reduced, reduce } from '../math/plane.ts';
import type { ReadyMessage, SentSet } from '../protocol/ready.ts';

const known = new WeakMap<Matrix32, { readonly cells: number; readonly reduced: Reduced }>();

/** A matrix of a layer as it is drawn; made once, since a change of the initialisation or of α makes none of them again. */
export function drawnOf(matrix: Matrix32, rank: number): Reduced {
  const cells = productCells(rank);
  const made = known.get(matrix);
  if (made?.cells === cells) return made.reduced;
  const reduced = reduce(matrix.data, matrix.rows, matrix.cols, cells);
  known.set(matrix, { cells, reduced });
  return reduced;
}

export const copyOf = (plane: Plane): Plane => ({ ...plane, values: plane.values.slice() });

/** W₀ and ΔW* as the page gets them: copies, since the worker keeps its own for the next run. */
export function sentOf({ base, target, rank }: Layer): Pick<ReadyMessage, 'base' | 'target' | 'planes'> {
  const [b, t] = [sent(base, rank), sent(target, rank)];
  return { base: b.whole, target: t.whole, planes: { base: b.reduced, target: t.reduced } };
}

/** What a start has done to W₀, and what a regression target trains on, as the page gets them. */
export function startOf(layer: Layer): Pick<ReadyMessage, 'moved' | 'frozenFactor' | 'floorAtRank' | 'samples'> {
  const { moved, frozen, frozenFactor, data, rank } = layer;
  const drawn = moved && drawnOf(frozen, rank);
  return {
    moved: drawn && { ...moved, frozen: { mean: copyOf(drawn.mean), extreme: drawn.extreme && copyOf(drawn.extreme) } },
    frozenFactor,
    floorAtRank: floorAtRank(layer),
    samples: data && {
      training: setOf(data),
      heldOut: setOf(data.heldOut),
      floors: data.floors,
      floorsByRank: {
        training: data.floorsByRank.training.slice(),
        heldOut: data.floorsByRank.heldOut.slice(),
      },
    },
  };
}

function setOf({ X, Y }: SampleSet): SentSet {
  return { count: X.cols, X: X.data.slice(), Y: Y.data.slice() };
}

function sent(matrix: Matrix32, rank: number): { readonly whole: Float32Array | null; readonly reduced: Reduced } {
  const whole = Math.max(matrix.rows, matrix.cols) <= LARGEST_LISTED ? matrix.data.slice() : null;
  const { mean, extreme } = drawnOf(matrix, rank);
  // Where every cell is one entry, picture and matrix are one array, on the page too.
  if (!extreme) return { whole, reduced: { mean: whole ? { ...mean, values: whole } : copyOf(mean), extreme } };
  return { whole, reduced: { mean: copyOf(mean), extreme: copyOf(extreme) } };
}
