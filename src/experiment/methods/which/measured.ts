import { stream } from '../../../math/random.ts';
import { prepareProblem } from '../../layer/problem.ts';
import { change, defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { uniformRows } from '../../targets/draws.ts';
import { type FloorMatrices, largestPlaces, type MethodFloor, methodFloor } from '../floors/method-floor.ts';
import { ADAPTERS, type AdapterName, type BudgetRank, budgetOf, type CellSize, sizeWithin } from './adapters.ts';
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
  readonly floors: Readonly<Record<`${BudgetRank}`, Readonly<Record<KindName, FloorRow<readonly number[]>>>>>;
}

/** The least error of each adapter on one update, at a budget; `wanted`: of these alone. */
export function measuredRow(
  kind: Pick<UpdateKind, 'settings'>,
  rank: BudgetRank,
  seed: number,
  wanted: readonly AdapterName[] = ADAPTERS,
): Partial<FloorRow<number>> {
  const problem = prepareProblem(experimentOf(kind, seed), null, { vectors: false });
  if ('why' in problem) throw new Error(problem.why);
  const budget = budgetOf(rank, SIDE, SIDE);
  const [matrices] = problem.modules.map(({ wanted: { matrix }, base }) => ({ wanted: matrix, base, seed }));
  const floor = (name: AdapterName, within = budget) =>
    cellFloor(name, matrices, sizeWithin(name, SIDE, SIDE, within)).value;
  const found = wanted.map((name) => [name, floor(name)] as const);
  return Object.fromEntries(
    wanted.includes('shira') ? [...found, ['shira-places', floor('shira', budget / 2)] as const] : found,
  );
}

/** The seed decides the frozen A of *B only*. */
interface CellMatrices extends FloorMatrices {
  readonly seed: number;
}

const present = (size: number | undefined): number => size ?? 0;

const FLOORS = {
  lora: (m, { rank }) => methodFloor('lora', m, { rank: present(rank) }),
  hira: (m, { rank }) => methodFloor('hira', m, { rank: present(rank) }),
  lokr: (m, { factor }) => methodFloor('lokr', m, { factor: factor ?? [1, 1] }),
  oft: (m, { block }) => methodFloor('oft', m, { block: present(block) }),
  ia3: (m) => methodFloor('ia3', m, { side: 'out' }),
  // On a matrix target the first gradient is −ΔW*.
  shira: (m, { entries }) => methodFloor('shira', m, { places: largestPlaces(m.wanted, present(entries)) }),
  dora: (m, { rank }) => methodFloor('dora', m, { rank: present(rank) }),
  'lora-xs': (m, { rank }) => methodFloor('lora-xs', m, { rank: present(rank) }),
  'b-only': (m, { rank }) => methodFloor('b-only', m, { A: frozenA(present(rank), m) }),
} as const satisfies Record<AdapterName, (m: CellMatrices, size: CellSize) => MethodFloor>;

/** A as Kaiming draws it for that rank and seed. */
const frozenA = (rank: number, { seed, wanted: { cols } }: CellMatrices) =>
  uniformRows(rank, cols, 1 / Math.sqrt(cols), stream(seed, 'A'));

/** The floor of an adapter of that size, or the lowest error found (hira, dora: a second). */
const cellFloor = (name: AdapterName, matrices: CellMatrices, size: CellSize): MethodFloor =>
  FLOORS[name](matrices, size);
