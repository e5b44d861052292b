import { scaledColumns } from '../../experiment/inits/triplets.ts';
import type { LayerModule, ModuleMethod } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { Unquantised } from '../../experiment/layer/quantised/quantised-base.ts';
import { floorAtRank } from '../../experiment/layer/reach.ts';
import { methods } from '../../experiment/methods/index.ts';
import { flowPoints } from '../../experiment/prediction/flow.ts';
import type { SampleSet } from '../../experiment/regression/samples.ts';
import { MAX_LISTED_SIDE } from '../../experiment/run-file/run-file.ts';
import { frobenius, type Matrix32, multiply, toFloat32, transpose } from '../../math/matrix.ts';
import { type Plane, productCells, type Reduction, reduce } from '../../math/plane.ts';
import type {
  ReadyMessage,
  ReadyMethod,
  ReadyModule,
  ReadyNetwork,
  ReadySamples,
  ReadyTarget,
  ReadyUnquantised,
  SampleSetColumns,
} from '../protocol/worker-messages.ts';
import { hasTarget } from '../tasks/task.ts';

type ReadyFacts = Pick<ReadyMessage, 'run' | 'engine' | 'rate' | 'secondsPerStep' | 'bytes'>;

/** Copies of the shown parts of a problem: the worker keeps its own for the next run. */
export function readyMessage(problem: Problem, known: ReadyFacts): ReadyMessage {
  const [first, ...others] = problem.modules;
  const modules = [moduleOf(first), ...others.map(moduleOf)] as const;
  return { type: 'ready', ...known, modules, samples: samplesOf(problem), network: networkOf(problem) };
}

function moduleOf(module: LayerModule): ReadyModule {
  const { name, facts, d, k, rank, base, frozen, A, B, moved, frozenFactor, method, quantised } = module;
  const { whole, reduced } = sentOf(base, rank);
  return {
    ...{ name, facts, d, k, rank, frozenFactor },
    base: whole,
    basePlane: reduced,
    baseNorm: frobenius(base),
    wanted: wantedOf(module),
    A: A.data.slice(),
    B: B.data.slice(),
    moved: moved && { ...moved, frozen: reducedOf(frozen, rank) },
    ...(method && { method: methodOf(method) }),
    ...(quantised && { quantised: unquantisedOf(quantised) }),
  };
}

function unquantisedOf({ base, target, ...figures }: Unquantised): ReadyUnquantised {
  const listed = (matrix: Matrix32) => (isListed(matrix) ? matrix.data.slice() : null);
  return { ...figures, base: listed(base), target: listed(target) };
}

function methodOf({ name, settings, shapes, own, places, floor, directions }: ModuleMethod): ReadyMethod {
  const { d, k } = settings;
  const largestRank = methods.byName(name).largestRank(settings, Math.min(d, k));
  const copies = { own: own.map((values) => values.slice()), places: places?.slice() };
  return { name, shapes, ...copies, floor, largestRank, sides: directions && sidesOf(directions) };
}

/** UᵣΣᵣ row by row, and Vᵣᵀ. */
function sidesOf({ U, S, V }: NonNullable<ModuleMethod['directions']>): NonNullable<ReadyMethod['sides']> {
  return { left: toFloat32(scaledColumns(U, S)).data, right: toFloat32(transpose(V)).data };
}

function wantedOf(module: LayerModule): ReadyTarget | null {
  if (!hasTarget(module)) return null;
  const { matrix, norm, unit, spectrum } = module.wanted;
  const { vectors } = spectrum;
  const { whole, reduced } = sentOf(matrix, module.rank);
  return {
    matrix: whole,
    plane: reduced,
    norm,
    ...(unit !== undefined && { unit }),
    spectrum: spectrum.values.slice(),
    known: { how: spectrum.how, error: spectrum.error, open: spectrum.open?.slice() },
    along: vectors && flowPoints(vectors.V.cols, module.rank) !== null ? multiply(module.A, vectors.V).data : null,
    floorAtRank: floorAtRank(module),
  };
}

function samplesOf(problem: Problem): ReadySamples | null {
  if (problem.kind !== 'samples') return null;
  const { data } = problem;
  const { training, heldOut } = data.floorsByRank;
  return {
    training: setOf(data),
    heldOut: setOf(data.heldOut),
    floors: data.floors,
    floorsByRank: { training: training.slice(), heldOut: heldOut.slice() },
  };
}

function networkOf(problem: Problem): ReadyNetwork | null {
  if (problem.kind !== 'network' || problem.layers.length === 0) return null;
  const layers = problem.layers.map(({ W, ...layer }) => ({ ...layer, W: W.data }));
  // Posting copies them, since the worker keeps its own; functions cannot be posted.
  if (problem.data.kind === 'labelled') {
    const { kind, training, heldOut, old } = problem.data;
    return structuredClone({ kind, layers, heldOut, old, examples: training.answers.length });
  }
  const { kind, length, asked, rest, heldOut, old } = problem.data;
  return structuredClone({ kind, layers, length, asked, rest, heldOut, old });
}

function setOf({ X, Y }: SampleSet): SampleSetColumns {
  return { count: X.cols, X: X.data.slice(), Y: Y.data.slice() };
}

const known = new WeakMap<Matrix32, { readonly cells: number; readonly reduced: Reduction }>();

export function reducedMatrix(matrix: Matrix32, rank: number): Reduction {
  const cells = productCells(rank);
  const made = known.get(matrix);
  if (made?.cells === cells) return made.reduced;
  const reduced = reduce(matrix.data, matrix.rows, matrix.cols, cells);
  known.set(matrix, { cells, reduced });
  return reduced;
}

export const planeCopy = (plane: Plane): Plane => ({ ...plane, values: plane.values.slice() });

function reducedOf(matrix: Matrix32, rank: number): Reduction {
  const { mean, extreme } = reducedMatrix(matrix, rank);
  return { mean: planeCopy(mean), extreme: extreme && planeCopy(extreme) };
}

const isListed = ({ rows, cols }: Matrix32): boolean => Math.max(rows, cols) <= MAX_LISTED_SIDE;

/** A matrix for the page, whole if a run file lists it, and as drawn: copies, since the worker keeps its own. */
function sentOf(matrix: Matrix32, rank: number): { readonly whole: Float32Array | null; readonly reduced: Reduction } {
  const whole = isListed(matrix) ? matrix.data.slice() : null;
  const { mean, extreme } = reducedMatrix(matrix, rank);
  // If every cell is one entry, picture and matrix are one array, on the page too.
  if (!extreme && whole) return { whole, reduced: { mean: { ...mean, values: whole }, extreme } };
  return { whole, reduced: reducedOf(matrix, rank) };
}
