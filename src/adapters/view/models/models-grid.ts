import { count, number, superscript } from '../../../experiment/numbers.ts';
import type { CaptionParts, GridCell, GridScene } from '../../../kit/modules/grid-scene.ts';
import { type Arrangement, arrange, gridPlaceOf } from '../../charts/grid/arrange.ts';
import type { DifferenceFigures } from '../../file/checkpoints/difference-figures.ts';
import { remembered } from '../../file/remembered.ts';
import type { ModelColour, ModelsState } from '../../state/models-state.ts';
import type { ComparedTensor } from '../../worker/protocol.ts';
import { sceneOf } from '../overview/file-grid.ts';

interface ColourOf {
  readonly name: string;
  readonly definition: string;
  /** null: more than the directions that were looked for. */
  readonly value: (of: DifferenceFigures) => number | null;
}

export const MODEL_COLOURS: Readonly<Record<ModelColour, ColourOf>> = {
  rank95: {
    name: 'rank for 95%',
    definition: 'directions for 95% of ‖ΔW‖²',
    value: ({ spectrum }) => spectrum?.rank95 ?? null,
  },
  relative: {
    name: '‖ΔW‖/‖W₀‖',
    definition: '‖ΔW‖/‖W₀‖ in percent',
    value: ({ norm, baseNorm }) => (baseNorm > 0 ? (100 * norm) / baseNorm : null),
  },
  sigma1: {
    name: 'σ₁',
    definition: 'largest singular value of ΔW',
    value: ({ spectrum }) => spectrum?.sigma[0] ?? null,
  },
  stable: { name: 'stable rank', definition: '‖ΔW‖²/σ₁²', value: ({ spectrum }) => spectrum?.stableRank ?? null },
};

/** Matrices of both models by layer and type; vectors have no cell. */
export interface MatrixPlaces {
  readonly arrangement: Arrangement;
  /** In the order of the grid. */
  readonly order: readonly number[];
}

/** The name of a tensor as that of its layer. */
export const layerOf = ({ name, place }: ComparedTensor) => ({ name: name.replace(/\.weight$/, ''), place });

export const matrixPlaces = remembered((pairs: readonly ComparedTensor[]): MatrixPlaces => {
  const matrices = [...pairs.keys()].filter((i) => pairs[i].matrix !== null);
  const { cells, ...rest } = arrange(matrices.map((i) => layerOf(pairs[i])));
  const placed = cells.map((at) => (at === null ? null : matrices[at]));
  return { arrangement: { ...rest, cells: placed }, order: placed.filter((i) => i !== null) };
});

/** Directions drawn beside a number, at most: a cell has space for about so many. */
const BARS = 32;
const EVEN = 0.3;

export interface ModelsGrid {
  readonly scene: GridScene;
  readonly caption: CaptionParts;
}

/** The grid of two models: a number of each matrix, its leading σ, and its share of all that changed. */
export function gridOfModels({ matched, figures, colour, outlook }: ModelsState): ModelsGrid {
  const pairs = matched?.pairs ?? [];
  const { arrangement } = matrixPlaces(pairs);
  const { value, definition } = MODEL_COLOURS[colour];
  const changed = figures.filter((of) => of?.change === 'changed').filter((of) => of !== null);
  const values = changed.flatMap((of) => value(of) ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const unit =
    colour === 'sigma1' && !(high >= 0.1 && high < 1000) && high > 0 ? 3 * Math.floor(Math.log10(high) / 3) : 0;
  const cell = (index: number): Omit<GridCell, 'index' | 'flagged'> => {
    const of = figures[index];
    const words = cellWords(pairs[index], of);
    if (!of) return { text: '', tint: null, beside: null, bad: false, words };
    if (of.change === 'not finite') return { text: 'NaN', tint: null, beside: null, bad: true, words };
    if (of.change !== 'changed')
      return { text: of.change === 'rounded' ? '≈' : '=', tint: null, beside: null, bad: false, words };
    const here = value(of);
    const { sigma } = of.spectrum ?? { sigma: new Float64Array(0) };
    const kept = outlook?.ranks[index] ?? null;
    return {
      text: here === null ? `>${sigma.length}` : cellNumber(here / 10 ** unit, colour),
      tint: here === null ? 1 : high > low ? (here - low) / (high - low) : EVEN,
      beside: {
        bars: sigma.subarray(0, BARS),
        kept: kept !== null && kept < Math.min(BARS, sigma.length) ? kept : null,
      },
      bad: false,
      words,
    };
  };
  const all = figures.every((of) => of !== null);
  const drawn = sceneOf(arrangement, {
    cell,
    energy: all ? figures.map((of) => (of && Number.isFinite(of.norm) ? of.norm ** 2 : 0)) : [],
    margins: true,
    most: Math.max(0, ...changed.map(({ spectrum }) => spectrum?.sigma[0] ?? 0)),
    widest: colour === 'rank95' ? '>128' : '0.00',
  });
  const widest = drawn.cells.reduce((a, one) => (one && one.text.length > a.length ? one.text : a), drawn.widest);
  const power = unit === 0 ? '' : ` in 10${superscript(unit)}`;
  const signs = [
    ...(figures.some((of) => of?.change === 'same bits' || of?.change === 'same values') ? ['= unchanged'] : []),
    ...(figures.some((of) => of?.change === 'rounded') ? ['≈ rounded alone'] : []),
  ];
  return {
    scene: { ...drawn, widest },
    caption: [`number and tint: ${definition}${power}`, { beside: `bars: σ₁ to σ${subscript(BARS)}` }, ...signs],
  };
}

const subscript = (n: number) => String(n).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]);

function cellNumber(value: number, colour: ModelColour): string {
  if (colour === 'rank95' || value >= 99.5) return count(Math.round(value));
  return value >= 9.95 ? value.toFixed(0) : value >= 0.995 ? value.toFixed(1) : value.toFixed(2);
}

/** "layer 3, attention q: ΔW is 2.1% of W₀, 41 directions for 95%, σ₁ 0.31". */
function cellWords(tensor: ComparedTensor, of: DifferenceFigures | null): string {
  const { layer, group, type } = gridPlaceOf(layerOf(tensor));
  const name = `${layer}, ${group === '' ? type : `${group} ${type}`}`;
  if (!of) return `${name}: not measured yet`;
  switch (of.change) {
    case 'not finite':
      return `${name}: NaN or infinity in it, nothing is computed`;
    case 'same bits':
    case 'same values':
      return `${name}: unchanged`;
    case 'rounded':
      return `${name}: changed by the rounding to another type alone`;
    case 'changed': {
      const { spectrum } = of;
      const share =
        of.baseNorm > 0 ? `ΔW is ${number((100 * of.norm) / of.baseNorm, 2)}% of W₀` : `norm ${number(of.norm)}`;
      if (!spectrum) return `${name}: ${share}`;
      return `${name}: ${share}, ${neededWords(spectrum.rank95, spectrum.sigma.length)} for 95%, σ₁ ${number(spectrum.sigma[0])}`;
    }
    default:
      return of.change satisfies never;
  }
}

/** "41 directions", "more than 128 directions". */
const neededWords = (rank: number | null, known: number) =>
  rank === null ? `more than ${count(known)} directions` : rank === 1 ? '1 direction' : `${count(rank)} directions`;
