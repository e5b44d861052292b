import { type ReactNode, useMemo } from 'react';
import { number } from '../../../experiment/numbers.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { bounded, titleOf } from '../../charts/grid/arrange.ts';
import { pairSpectra } from '../../charts/two/pair-spectra.ts';
import type { PairFigures } from '../../file/model.ts';
import { mergeNumbers, ROUNDING, sumName } from '../../state/foretold.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { Overlap } from './overlap.tsx';
import { linearWords } from './pair-words.ts';

/** One pair of modules: how much their updates have in common, and their sum. */
export function PairPanel() {
  const pair = useAdapters((s) => s.pair);
  const files = useAdapters((s) => s.files);
  const numbers = useAdapters(mergeNumbers);
  const dispatch = useAdaptersDispatch();
  const chosen = pair?.chosen ?? 0;
  const [i, j] = pair?.matched.pairs[chosen] ?? [-1, -1];
  const [one, other] = [files[0]?.adapter.modules[i], files[1]?.adapter.modules[j]];
  const figures = pair?.figures[chosen] ?? null;
  if (!pair || !one || !other) return null;
  const go = (by: number) => dispatch({ type: 'choose-pair', pair: chosen + by });
  const kept = pair.plan.rank;
  return (
    <section className="pair-panel" aria-label="Module">
      <div className="panel-head">
        <h2>{titleOf(one)}</h2>
        <button
          type="button"
          className="link"
          aria-label="Previous module"
          disabled={chosen === 0}
          onClick={() => go(-1)}
        >
          ←
        </button>
        <button
          type="button"
          className="link"
          aria-label="Next module"
          disabled={chosen >= pair.matched.pairs.length - 1}
          onClick={() => go(1)}
        >
          →
        </button>
      </div>
      <p className="key">
        {bounded(one.name, 400)}
        {other.name !== one.name && (
          <>
            <br />
            {bounded(other.name, 400)}
          </>
        )}
      </p>
      {figures && (
        <>
          <div className="pair-facts">
            <Overlap figures={figures} />
            <Facts figures={figures} sum={sumName(pair.plan)} error={numbers?.errors[chosen]} rank={kept} />
          </div>
          <Spectra figures={figures} kept={kept} sum={sumName(pair.plan)} />
          {numbers && <Linear>{linearWords(numbers.linear)}</Linear>}
        </>
      )}
    </section>
  );
}

interface PairFactsProps {
  readonly figures: PairFigures;
  readonly sum: string;
  readonly error: number | undefined;
  readonly rank: number | null;
}

function Facts({ figures: { cosine, ratio, frobenius, linear }, sum, error, rank }: PairFactsProps) {
  const said = (value: number) => (Number.isFinite(value) ? number(value) : 'not known');
  const rows: readonly (readonly [string, string])[] = [
    ['cosine of ΔW', said(cosine)],
    ['‖ΔW‖ of a', said(frobenius[0])],
    ['‖ΔW‖ of b', said(frobenius[1])],
    ['norm ratio b : a', said(ratio)],
    [`‖${sum}‖`, said(frobenius[2])],
    ...(error === undefined
      ? []
      : [
          [
            rank === null ? 'error' : `error at rank ${rank}`,
            rank === null || error < ROUNDING ? '0, exact' : said(error),
          ] as const,
        ]),
    ['error of “linear”', linear === null ? 'ranks differ' : said(linear)],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface SpectraProps {
  readonly figures: PairFigures;
  readonly kept: number | null;
  readonly sum: string;
}

function Spectra({ figures, kept, sum }: SpectraProps) {
  const scene = useMemo(() => ({ sigma: figures.sigma, kept, sum }), [figures, kept, sum]);
  return (
    <Figure className="pair-spectra" level={3} title={pairSpectra.title} help={pairSpectra.help(scene)}>
      <Plot chart={pairSpectra} scene={scene} />
    </Figure>
  );
}

/** Why the factors themselves must not be added. */
function Linear({ children }: { readonly children: ReactNode }) {
  return (
    <p className="linear">
      “Linear” adds the two <i className="b">B</i> and the two <i className="a">A</i>, not their products. (
      <i className="b">B₁</i> + <i className="b">B₂</i>)(<i className="a">A₁</i> + <i className="a">A₂</i>) also holds
      the cross terms <i className="b">B₁</i>
      <i className="a">A₂</i> and <i className="b">B₂</i>
      <i className="a">A₁</i>, which are no part of the sum.{children}
    </p>
  );
}
