import { number, percent } from '../../../experiment/numbers.ts';
import type { GridScene } from '../../../kit/modules/grid-scene.ts';
import { arrange, moduleTitle } from '../../charts/grid/arrange.ts';
import type { PairFigures } from '../../file/model.ts';
import type { FilePair, OpenedFile, PairColour } from '../../state/adapters-state.ts';
import { sceneOf } from '../overview/file-grid.ts';

interface PairColouring {
  readonly button: string;
  readonly caption: (rank: number) => string;
  readonly value: (figures: PairFigures, error: number) => number;
  readonly text: (value: number) => string;
  readonly tint: (value: number) => number;
  readonly words: (value: number) => string;
}

/** "−.12"; a value that rounds to 0 has no sign. */
function twoDigits(value: number): string {
  const text = value.toFixed(2);
  return text === '-0.00' ? '.00' : text.replace(/^(-?)0\./, '$1.').replace('-', '−');
}

export const PAIR_COLOURS: Readonly<Record<PairColour, PairColouring>> = {
  cosine: {
    button: 'cosine',
    caption: () => 'cosine of the two ΔW: 1 the same, 0 nothing in common',
    value: ({ cosine }) => cosine,
    text: twoDigits,
    tint: Math.abs,
    words: (value) => `cosine ${number(value)}`,
  },
  overlap: {
    button: 'overlap',
    caption: () => 'overlap φ of all directions',
    value: ({ left, right }) => {
      const n = Math.min(left.rows, left.cols);
      const at = n === 0 ? Number.NaN : (n - 1) * left.cols + n - 1;
      return (left.data[at] + right.data[at]) / 2;
    },
    text: twoDigits,
    tint: (value) => value,
    words: (value) => `overlap ${number(value)}`,
  },
  ratio: {
    button: 'norm ratio',
    caption: () => '‖ΔW‖ of b over that of a',
    value: ({ ratio }) => ratio,
    text: (value) => (value >= 10 || value < 0.1 ? value.toPrecision(1).replace('e+', 'e') : value.toFixed(1)),
    tint: (value) => Math.min(1, Math.abs(Math.log2(value)) / 3),
    words: (value) => `norm of b ${number(value)} times that of a`,
  },
  error: {
    button: 'error at r′',
    caption: (rank) => `relative error of the sum cut to rank ${rank}`,
    value: (_, error) => error,
    text: twoDigits,
    tint: (value) => value,
    words: (value) => `error of the sum ${number(value)}`,
  },
};

export function pairGrid(first: OpenedFile, pair: FilePair, errors: readonly number[] | null): GridScene {
  const { modules } = first.adapter;
  const matched = pair.matched.pairs.map(([i]) => modules[i]).filter((module) => module !== undefined);
  const colour = PAIR_COLOURS[pair.colour];
  const energy = pair.figures.map((figures) => (figures ? known(figures.frobenius[2]) ** 2 : 0));
  const total = energy.reduce((sum, one) => sum + one, 0);
  const cell = (i: number) => {
    const figures = pair.figures[i];
    const name = moduleTitle(matched[i]);
    if (!figures) return { text: '', tint: null, beside: null, words: `${name}: not read yet` };
    const value = colour.value(figures, errors?.[i] ?? Number.NaN);
    const said = Number.isNaN(value) ? 'not known' : colour.words(value);
    const { left } = figures;
    return {
      text: Number.isNaN(value) ? '–' : colour.text(value),
      tint: Number.isNaN(value) ? null : Math.max(0, Math.min(1, colour.tint(value))),
      beside: { rows: left.rows, cols: left.cols, values: left.data },
      words: `${name}: ${said}${total > 0 && energy[i] ? `, ${percent((energy[i] ?? 0) / total)} of the energy` : ''}`,
    };
  };
  const hue = pair.colour === 'error' ? 'dwt' : 'dw';
  return sceneOf(arrange(matched), { cell, energy, hue, most: 1, widest: '−.00' });
}

const known = (value: number) => (Number.isFinite(value) ? value : 0);
