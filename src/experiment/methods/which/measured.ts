import type { Matrix32 } from '../../../math/matrix.ts';
import { drain } from '../../../math/progress.ts';
import { stream } from '../../../math/random.ts';
import { prepareProblem } from '../../layer/problem.ts';
import { change, defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { uniformRows } from '../../targets/draws.ts';
import type { ReadyDrawing } from '../../targets/factored-matrix.ts';
import type { Refusal } from '../../targets/target.ts';
import {
  type FloorMatrices,
  floorInSlices,
  largestPlaces,
  type MethodFloor,
  methodFloor,
} from '../floors/method-floor.ts';
import { ADAPTERS, type AdapterName, budgetOf, type CellSize, type SizeRank, sizeWithin } from './adapters.ts';
import { type KindName, SIDE, type UpdateKind } from './kinds.ts';

/** The experiment of a kind of update: 64 × 64, all else as the Lab begins. */
export const experimentOf = ({ settings }: Pick<UpdateKind, 'settings'>, seed: number): Experiment =>
  change(defaults(), { ...settings, d: SIDE, k: SIDE, seed });

/** A column of the table: an adapter, or SHiRA whose places count as parameters too. */
type TableColumn = AdapterName | 'shira-places';

type FloorRow<T> = Readonly<Record<TableColumn, T>>;

/** The least error of each seed, by LoRA's rank, kind and column. scripts/which.mjs writes it to table.json. */
export interface FloorTable {
  readonly seeds: readonly number[];
  readonly floors: Readonly<Record<`${SizeRank}`, Readonly<Record<KindName, FloorRow<readonly number[]>>>>>;
}

/** The least error of each adapter on one update, at a budget; `wanted`: of these alone. */
export function measuredRow(
  kind: Pick<UpdateKind, 'settings'>,
  rank: SizeRank,
  seed: number,
  wanted: readonly AdapterName[] = ADAPTERS,
): Partial<FloorRow<number>> {
  const update = updateOf(experimentOf(kind, seed), null);
  if ('why' in update) throw new Error(update.why);
  const found = wanted.map((name) => [name, drain(cellFloor(name, update, rank, false))] as const);
  const halved = ['shira-places', drain(cellFloor('shira', update, rank, true))] as const;
  return Object.fromEntries(wanted.includes('shira') ? [...found, halved] : found);
}

/** ΔW* and W₀ of an experiment with a known ΔW*. They are those of LoRA: a page has not loaded what other methods start from. */
export function updateOf(e: Experiment, drawing: ReadyDrawing | null): UpdateMatrices | Refusal {
  const plain: Experiment = { ...e, method: 'lora', quant: 'none', init: 'kaiming-uniform', train: 'both' };
  const problem = prepareProblem(plain, drawing, { vectors: false });
  if ('why' in problem) return problem;
  const [update] = problem.modules.map(({ wanted: { matrix }, base }) => ({ wanted: matrix, base, seed: e.seed }));
  return update;
}

/** The seed decides the frozen A of *B only*. */
export interface UpdateMatrices extends FloorMatrices {
  readonly wanted: Matrix32;
  readonly seed: number;
}

const present = (size: number | undefined): number => size ?? 0;

const FLOORS = {
  lora: (m, { rank }) => methodFloor('lora', m, { rank: present(rank) }),
  hira: (m, { rank }) => floorInSlices('hira', m, { rank: present(rank) }),
  lokr: (m, { factor }) => methodFloor('lokr', m, { factor: factor ?? [1, 1] }),
  oft: (m, { block }) => methodFloor('oft', m, { block: present(block) }),
  ia3: (m) => methodFloor('ia3', m, { side: 'out' }),
  // On a matrix target the first gradient is −ΔW*.
  shira: (m, { entries }) => methodFloor('shira', m, { places: largestPlaces(m.wanted, present(entries)) }),
  dora: (m, { rank }) => floorInSlices('dora', m, { rank: present(rank) }),
  'lora-xs': (m, { rank }) => methodFloor('lora-xs', m, { rank: present(rank) }),
  'b-only': (m, { rank }) => methodFloor('b-only', m, { A: frozenA(present(rank), m) }),
} as const satisfies Record<
  AdapterName,
  (m: UpdateMatrices, size: CellSize) => MethodFloor | Generator<void, MethodFloor>
>;

/** A as Kaiming draws it for that rank and seed. */
const frozenA = (rank: number, { seed, wanted: { cols } }: UpdateMatrices) =>
  uniformRows(rank, cols, 1 / Math.sqrt(cols), stream(seed, 'A'));

/**
 * The floor of an adapter, or the lowest error found (hira, dora: a second), at a budget; `places`: those of SHiRA
 * count as parameters too.
 */
export function* cellFloor(
  name: AdapterName,
  update: UpdateMatrices,
  rank: SizeRank,
  places: boolean,
): Generator<void, number> {
  const { rows, cols } = update.wanted;
  const budget = budgetOf(rank, rows, cols) / (places && name === 'shira' ? 2 : 1);
  const found = FLOORS[name](update, sizeWithin(name, rows, cols, budget));
  return ('value' in found ? found : yield* found).value;
}
