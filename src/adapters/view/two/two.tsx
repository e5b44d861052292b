import './two.css';
import { useMemo } from 'react';
import { number, percent } from '../../../experiment/numbers.ts';
import { optionsOf } from '../../../kit/button.tsx';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import type { GridScene } from '../../../kit/modules/grid-scene.ts';
import { Symbols } from '../../../kit/symbols.tsx';
import { arrange, moduleTitle } from '../../charts/grid/arrange.ts';
import { mergeError } from '../../charts/two/pair-spectra.ts';
import type { PairFigures } from '../../file/model.ts';
import type { FilePair, OpenedFile, PairColour } from '../../state/adapters-state.ts';
import { isPairSum, type MergeNumbers, mergeNumbers, pairPlan, ROUNDING_ERROR } from '../../state/predictions.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { sceneOf } from '../overview/file-grid.ts';
import { ColouredGrid } from '../overview/grid-choices.tsx';
import { ChooseButton } from '../use-file-import.tsx';
import { PairPanel, type PairProps, pairSentence } from './pair-panel.tsx';
import { MergeDock } from './two-rail.tsx';

export default function TwoAdapters() {
  const pair = useAdapters((s) => s.pair);
  const files = useAdapters((s) => s.files);
  const numbers = useAdapters(mergeNumbers);
  const words = useAdapters((s) => pairSentence(s, mergeNumbers(s)));
  const [first, second] = files;
  const phone = useWidth() === 'phone';
  if (!first) return null;
  if (!pair || !second) return <AddSecond />;
  const isPlain = isPairSum(pair.plan);
  // Other merges are predicted in the rail; here the first two files are compared, by their plain sum.
  const compared = isPlain ? pair : { ...pair, plan: pairPlan(pair.plan) };
  const props = { pair: compared, first, second, numbers };
  return (
    <div className="grow stack">
      <p className="claim">
        <Symbols>{words}</Symbols>
      </p>
      <div className="two-columns">
        <section className="grid-side" aria-label="Layer × module">
          <PairGrid {...props} />
          {numbers && isPlain && <MergeError {...props} numbers={numbers} />}
          <Unmatched {...props} />
        </section>
        <PairPanel {...props} />
      </div>
      {phone && numbers && <MergeDock pair={pair} />}
    </div>
  );
}

function AddSecond() {
  return (
    <section className="two-empty">
      <h2 className="page-title">Add a second adapter</h2>
      <p>
        Its modules are matched with those of the first, whatever the two files name them: angles, overlaps and norms
        module by module, and their weighted sum as one file. Two checkpoints of one training are compared in the same
        way.
      </p>
      <ChooseButton as="second" className="btn main">
        Choose the second file
      </ChooseButton>
    </section>
  );
}

function PairGrid({ first, pair, numbers }: PairProps) {
  const dispatch = useAdaptersDispatch();
  const errors = numbers?.errors ?? null;
  const scene = useMemo(() => pairGrid(first, pair, errors), [first, pair, errors]);
  const { button, caption } = PAIR_COLOURS[pair.colour];
  const phone = useWidth() === 'phone';
  return (
    <ColouredGrid
      colours={PAIR_COLOURS_BY_NAME}
      colour={pair.colour}
      onColour={(colour) => dispatch({ type: 'pair-colour', colour })}
      scene={scene}
      label={`Grid of matched modules, coloured by ${button}`}
      caption={[
        `number and tint: ${caption(numbers?.rank ?? 0)}`,
        { beside: 'square: overlap φ(i, j), paper 0, ink 1' },
      ]}
      chosen={pair.chosen}
      onChoose={(index) => {
        dispatch({ type: 'choose-pair', pair: index });
        if (phone) document.querySelector('.pair-panel')?.scrollIntoView();
      }}
    />
  );
}

function MergeError({ pair, first, numbers }: PairProps & { readonly numbers: MergeNumbers }) {
  const linearRank = Math.max(...first.adapter.modules.map(({ rank }) => rank));
  const scene = useMemo(
    () => ({
      curve: numbers.curve,
      rank: pair.plan.rank ?? numbers.exactRank,
      // If adding the factors is exact, or the sum is zero, there is no cross.
      linear:
        numbers.linear !== null && numbers.linear > ROUNDING_ERROR && Number.isFinite(numbers.linear)
          ? { rank: linearRank, error: numbers.linear }
          : null,
    }),
    [numbers, pair.plan.rank, linearRank],
  );
  return (
    <Figure className="merge-error" level={3} title={mergeError.title} help={mergeError.help(scene)}>
      <Plot chart={mergeError} scene={scene} />
    </Figure>
  );
}

function Unmatched({ pair: { matched }, first: a, second: b }: PairProps) {
  const names = (file: OpenedFile, indices: readonly number[]) =>
    indices.map((i) => file.adapter.modules[i]).flatMap((module) => (module ? [moduleTitle(module)] : []));
  const unlike = matched.unlike.map(([i]) => i);
  const lists = [
    ['only in a', names(a, matched.onlyFirst)],
    ['only in b', names(b, matched.onlySecond)],
    ['of another size in b', names(a, unlike)],
  ] as const;
  if (lists.every(([, list]) => list.length === 0)) return null;
  return (
    <div className="soft space-above unmatched">
      {lists
        .filter(([, list]) => list.length > 0)
        .map(([where, list]) => (
          <details key={where}>
            <summary>
              {list.length} {where}
            </summary>
            <ul>
              {list.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </details>
        ))}
    </div>
  );
}

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

const PAIR_COLOURS: Readonly<Record<PairColour, PairColouring>> = {
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

const PAIR_COLOURS_BY_NAME = optionsOf(PAIR_COLOURS).map(([colour, { button }]) => [colour, button] as const);

function pairGrid(first: OpenedFile, pair: FilePair, errors: readonly number[] | null): GridScene {
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
