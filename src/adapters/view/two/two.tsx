import './two.css';
import { useMemo } from 'react';
import { optionsOf } from '../../../kit/choice.tsx';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import { moduleTitle } from '../../charts/grid/arrange.ts';
import { mergeError } from '../../charts/two/merge-error.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { type MergeNumbers, mergeNumbers, ROUNDING_ERROR } from '../../state/predictions.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { ColouredGrid } from '../overview/grid-choices.tsx';
import { ChooseButton } from '../use-file-import.tsx';
import { PAIR_COLOURS, pairGrid } from './pair-grid.ts';
import { PairPanel, type PairProps } from './pair-panel.tsx';
import { pairSentence } from './pair-words.ts';
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
  const props = { pair, first, second, numbers };
  return (
    <div className="two-adapters">
      <p className="claim">
        <Symbols>{words}</Symbols>
      </p>
      <div className="two-columns">
        <section className="grid-side" aria-label="Layer × module">
          <PairGrid {...props} />
          {numbers && <MergeError {...props} numbers={numbers} />}
          <Unmatched {...props} />
        </section>
        <PairPanel {...props} />
      </div>
      {phone && <MergeDock pair={pair} />}
    </div>
  );
}

function AddSecond() {
  return (
    <section className="two-empty">
      <h2>Add a second adapter</h2>
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

const PAIR_COLOURS_BY_NAME = optionsOf(PAIR_COLOURS).map(([colour, { button }]) => [colour, button] as const);

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
    <div className="unmatched">
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
