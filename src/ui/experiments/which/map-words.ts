import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import {
  ADAPTER_WORDS,
  ADAPTERS,
  type AdapterName,
  budgetOf,
  sizeWithin,
} from '../../../experiment/methods/which/adapters.ts';
import { KINDS, SIDE } from '../../../experiment/methods/which/kinds.ts';
import {
  bestOf,
  cellOf,
  type MapScale,
  type MapView,
  NOTHING,
  type OpenRow,
  OWN,
  type RowName,
  rowOf,
} from '../../../experiment/methods/which/map.ts';
import { capital, count, listed, number, percent } from '../../../experiment/numbers.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** An error in a cell: "0.74", "0.044", "0". */
export const errorText = (error: number): string =>
  error < NOTHING ? '0' : error < 0.1 ? error.toFixed(3) : error.toFixed(2);

/** The same with a star if it is the lowest found. */
export const cellText = (adapter: AdapterName, error: number | undefined, isWithout = false): string =>
  error === undefined
    ? isWithout
      ? '–'
      : '…'
    : `${errorText(error)}${isFound(adapter) && error >= NOTHING ? '*' : ''}`;

interface RowWords {
  readonly label: string;
  readonly phrase: string;
  readonly madeFor: readonly AdapterName[];
}

const OWN_WORDS: RowWords = { label: 'your own update', phrase: 'your own update', madeFor: [] };

const kindOf = (name: RowName): RowWords & { readonly settings?: object } =>
  KINDS.find((kind) => kind.name === name) ?? OWN_WORDS;

/** ‖noise‖/‖ΔW*‖ of a kind that has some. */
const noiseOf = (name: RowName): number => {
  const noise = 'noise' in (kindOf(name).settings ?? {}) ? 0.05 : 0;
  return noise / Math.sqrt(1 + noise * noise);
};

/** Whether an error is no more than the noise of its kind. */
const isSolved = (kind: RowName, error: number) => error < noiseOf(kind) + NOTHING;

/** The line above the map, from its numbers. */
export function headLine(scale: MapScale): string {
  const rows = KINDS.map(({ name }) => ({ name, best: bestOf(rowOf(name, scale)) }));
  const everywhere = ADAPTERS.filter((adapter) => rows.every(({ best }) => best.includes(adapter)));
  const first =
    everywhere.length === 0
      ? 'No adapter is best for every update.'
      : `${listed(everywhere.map((name) => ADAPTER_WORDS[name].label))} is best for every update.`;
  const solved = rows.filter(({ name, best }) => isSolved(name, cellOf(name, best[0], scale)));
  const noise = solved.some(({ name }) => name === 'noise') ? '' : '; noise itself has none';
  const one = solved.length === 1;
  return `${first} ${capital(NUMBERS[solved.length])} ${one ? 'kind' : 'kinds'} of update ${one ? 'has' : 'each have'} one that leaves nothing but the noise in ${one ? 'it' : 'them'}${noise}.`;
}

/** "LoRA beats …": in how many rows SHiRA has less error than LoRA, which the reader does not expect. */
export function shiraLine(scale: MapScale): string {
  const beaten = KINDS.filter(({ name }) => cellOf(name, 'shira', scale) < cellOf(name, 'lora', scale) - NOTHING);
  const others = KINDS.filter((kind) => !beaten.includes(kind));
  const where =
    others.length === 0
      ? 'in every row'
      : beaten.length > others.length
        ? `in every row but ${listed(others.map(({ label }) => label))}`
        : `in ${NUMBERS[beaten.length]} of ${NUMBERS[KINDS.length]} rows`;
  const { entries = 0 } = shiraSize(scale);
  const counted = scale.places ? `With its places counted it has ${count(entries)} entries, and it` : 'It';
  return `SHiRA trains the largest entries of the first gradient. ${counted} leaves less than LoRA ${where}.`;
}

/** Cayley's formula gives no rotation with the eigenvalue −1. */
export const OFT_LINE =
  'OFT’s floor is an infimum: a run comes as close as it likes, and may never be on it. Its formula for R has every rotation but those by half a turn.';

/** Why DoRA has a lower rank than LoRA, and what it trains. */
export function doraLine({ rank }: MapScale, { d, k }: RowSize = { d: SIDE, k: SIDE }): string {
  const { rank: own = rank, parameters } = sizeWithin('dora', d, k, budgetOf(rank, d, k));
  const why = own < rank ? `, because ${count(d)} lengths cost one rank` : '';
  return `DoRA has rank ${own} here${why}: ${count(parameters)} parameters.`;
}

const shiraSize = ({ rank, places }: MapScale) =>
  sizeWithin('shira', SIDE, SIDE, budgetOf(rank, SIDE, SIDE) / (places ? 2 : 1));

/** The size of the matrix of a row. */
export interface RowSize {
  readonly d: number;
  readonly k: number;
}

/** "Row scaling, LoRA: 0.613"; the error is null until it is known. */
export function cellTitle({ kind, adapter }: MapView, error: number | null): string {
  const name = `${capital(kindOf(kind).label)}, ${ADAPTER_WORDS[adapter].label}`;
  return error === null ? name : `${name}: ${error < NOTHING ? '0' : error.toFixed(3)}`;
}

/** The same for an error that is not searched for. */
export const unsearchedSentence = ({ adapter }: Pick<MapView, 'adapter'>): string =>
  `${ADAPTER_WORDS[adapter].label} has no floor in closed form, and a search for its lowest error would take minutes at this size. Open it in the lab and train it.`;

/** The sentence beside a cell, by rule. */
export function cellSentence(view: MapView, error: number | null, size: RowSize = { d: SIDE, k: SIDE }): string {
  const { kind, adapter } = view;
  const { label } = ADAPTER_WORDS[adapter];
  const { phrase: update } = kindOf(kind);
  if (error === null) return `The least error of ${label} on ${update} is being computed.`;
  if (isSolved(kind, error)) {
    const rest = noiseOf(kind) > 0 ? `all but the noise of ${update}` : update;
    return kind === OWN ? `${label} can write ${rest}.` : `${label} can write ${rest}: ${reasonSolved(view)}.`;
  }
  if (isFound(adapter))
    return `${errorText(error)} is the lowest error of ${label} that a search from several starts found for ${update}. It is no bound: training may pass it.`;
  return `A floor is not a matter of training. No rate and no number of steps brings ${label} below ${errorText(error)} on ${update}: ${reason(view, error, size)}.`;
}

function reasonSolved({ kind, adapter, rank }: MapView): string {
  const { rank: own = rank, block = 0 } = sizeWithin(adapter, SIDE, SIDE, budgetOf(rank, SIDE, SIDE));
  if (adapter === 'lora') return `it has ${own} directions, and the update 8`;
  if (adapter === 'oft') return `it turns blocks of ${block} rows, and the update turns blocks of 32`;
  if (adapter === 'shira') return 'it has an entry for each that changes';
  if (adapter === 'lokr') return 'it is made of the same blocks';
  return kind === 'row-scaling' ? 'it has a factor for each row' : 'it rescales every entry of W₀ in the same way';
}

function reason({ kind, adapter, ...scale }: MapView, error: number, { d, k }: RowSize): string {
  const budget = budgetOf(scale.rank, d, k);
  const { rank = 0, block = 0, factor = [1, 1] } = sizeWithin(adapter, d, k, budget);
  const held = 1 - error * error;
  // Not all of it where something is left.
  const share = held > 0.995 ? `${(100 * Math.min(held, 0.999)).toFixed(1)}%` : percent(held);
  switch (adapter) {
    case 'lora':
      return kind === OWN
        ? `its ${rank} directions hold ${share} of the energy of the update`
        : `the update has ${kind === 'low-rank' ? 8 : `all ${SIDE}`} directions, LoRA ${rank}`;
    case 'oft':
      return kind === 'rotation'
        ? `the update turns 32 rows together, and it turns ${block}`
        : `it only turns rows of W₀ within blocks of ${block}, and the update is no such rotation`;
    case 'lokr':
      return `its ${factor[0] * factor[1]} blocks are multiples of one, and those of the update are not`;
    case 'ia3':
      return `it has one factor a row of W₀, and ${share} of the energy of the update lies along these rows`;
    case 'shira': {
      const { entries = 0 } = sizeWithin('shira', d, k, budget / (scale.places ? 2 : 1));
      return `its ${count(entries)} entries hold ${share} of the energy of the update`;
    }
    case 'lora-xs':
      return `it stays in the ${rank} leading directions of W₀, which hold ${share} of the energy of the update`;
    case 'b-only':
      return `its A was drawn before it saw the update, and the rows of A span ${share} of its energy`;
    default:
      return `it has ${number(rank)} directions`;
  }
}

/** The words for a cell that a screen reader says. */
export function spokenCell(kind: RowName, adapter: AdapterName, row: OpenRow, isWithout = false): string {
  const error = row[adapter];
  if (error === undefined) return isWithout ? 'not searched for' : 'being computed';
  const made = kindOf(kind).madeFor.includes(adapter) ? ', made for this' : '';
  const best = bestOf(row).includes(adapter) ? ', best of the row' : '';
  return `${errorText(error)}${isFound(adapter) ? ', lowest found' : ''}${best}${made}`;
}

/** Whether a count differs from the budget by more than a tenth. */
export const isOffBudget = (parameters: number, { rank }: MapScale): boolean =>
  Math.abs(parameters / budgetOf(rank, SIDE, SIDE) - 1) > 0.1;
