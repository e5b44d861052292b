import { type CSSProperties, useMemo, useState } from 'react';
import { number, percent, plural } from '../../../experiment/numbers.ts';
import { Choice } from '../../../kit/button.tsx';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { boundedText, moduleTitle } from '../../charts/grid/arrange.ts';
import { pairSpectra } from '../../charts/two/pair-spectra.ts';
import type { PairFigures } from '../../file/model.ts';
import { median } from '../../file/warnings/check.ts';
import type { AdaptersState, FilePair, OpenedFile } from '../../state/adapters-state.ts';
import {
  allPairFigures,
  exactRank,
  type MergeNumbers,
  pairPlan,
  ROUNDING_ERROR,
  sumName,
} from '../../state/predictions.ts';
import { ComplaintLink } from '../complaint.tsx';
import { EventButton } from '../context.tsx';
import { FactList } from '../rail.tsx';
import { GoOn } from './go-on.tsx';

export interface PairProps {
  readonly pair: FilePair;
  readonly first: OpenedFile;
  readonly second: OpenedFile;
  /** null until every pair is read, and if s of a file is unknown. */
  readonly numbers: MergeNumbers | null;
}

export function PairPanel({ pair, first, second, numbers }: PairProps) {
  const { chosen } = pair;
  const [i, j] = pair.matched.pairs[chosen] ?? [-1, -1];
  const [one, other] = [first.adapter.modules[i], second.adapter.modules[j]];
  const figures = pair.figures[chosen] ?? null;
  if (!one || !other) return null;
  const { rank } = pair.plan;
  const sum = sumName(pair.plan);
  return (
    <section className="pair-panel" aria-label="Module">
      <div className="ends panel-head">
        <h2>{moduleTitle(one)}</h2>
        <EventButton
          aria-label="Previous module"
          disabled={chosen === 0}
          event={{ type: 'choose-pair', pair: chosen - 1 }}
        >
          ←
        </EventButton>
        <EventButton
          aria-label="Next module"
          disabled={chosen >= pair.matched.pairs.length - 1}
          event={{ type: 'choose-pair', pair: chosen + 1 }}
        >
          →
        </EventButton>
      </div>
      <p className="key">
        {boundedText(one.name, 400)}
        {other.name !== one.name && (
          <>
            <br />
            {boundedText(other.name, 400)}
          </>
        )}
      </p>
      {figures && (
        <>
          <div className="pair-facts">
            <Overlap figures={figures} />
            <FactList facts={factsOf({ figures, sum, rank, error: numbers?.errors[chosen] })} />
          </div>
          <Spectra figures={figures} kept={rank} sum={sum} />
          {numbers && <Linear error={numbers.linear} />}
        </>
      )}
      <GoOn
        one={[one, first.figures[i] ?? null]}
        other={[other, second.figures[j] ?? null]}
        isOf={{ file: first.id, module: i }}
      />
    </section>
  );
}

interface PairFacts {
  readonly figures: PairFigures;
  readonly sum: string;
  /** Of the present merge; undefined until all pairs are read. */
  readonly error: number | undefined;
  readonly rank: number | null;
}

function factsOf({ figures: { cosine, ratio, frobenius, linear }, sum, error, rank }: PairFacts) {
  const said = (value: number) => (Number.isFinite(value) ? number(value) : 'not known');
  const exact = rank === null || (error !== undefined && error < ROUNDING_ERROR);
  const facts: readonly (readonly [string, string])[] = [
    ['cosine of ΔW', said(cosine)],
    ['‖ΔW‖ of a', said(frobenius[0])],
    ['‖ΔW‖ of b', said(frobenius[1])],
    ['norm ratio b : a', said(ratio)],
    [`‖${sum}‖`, said(frobenius[2])],
    [rank === null ? 'error' : `error at rank ${rank}`, error === undefined ? '' : exact ? '0, exact' : said(error)],
    ['error of “linear”', linear === null ? 'ranks differ' : said(linear)],
  ];
  return facts.filter(([, value]) => value !== '');
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

function Linear({ error }: { readonly error: number | null }) {
  return (
    <p className="read space-above">
      “Linear” adds the two <i className="b">B</i> and the two <i className="a">A</i>, not their products. (
      <i className="b">B₁</i> + <i className="b">B₂</i>)(<i className="a">A₁</i> + <i className="a">A₂</i>) also holds
      the cross terms <i className="b">B₁</i>
      <i className="a">A₂</i> and <i className="b">B₂</i>
      <i className="a">A₁</i>, which are no part of the sum.{linearWords(error)} <ComplaintLink of="together" />
    </p>
  );
}

const OVERLAP_SIDE = 8;

function Overlap({ figures }: { readonly figures: PairFigures }) {
  const [side, setSide] = useState<'left' | 'right'>('left');
  const { rows, cols, data } = figures[side];
  const [height, width] = [Math.min(rows, OVERLAP_SIDE), Math.min(cols, OVERLAP_SIDE)];
  const [is, js] = [height, width].map((length) => Array.from({ length }, (_, i) => i));
  return (
    <Figure
      className="overlap"
      level={3}
      title="Overlap φ(i, j)"
      help={`${side === 'left' ? '‖UᵢᵀÛⱼ‖²' : '‖VᵢᵀV̂ⱼ‖²'} / min(i, j): 1 = same subspace`}
    >
      {height === 0 || width === 0 ? (
        <p className="note">A module without a direction has nothing to compare.</p>
      ) : (
        <table className={width > 5 ? 'many' : undefined}>
          <caption className="unseen">Rows: the leading i directions of a. Columns: the leading j of b.</caption>
          <thead>
            <tr>
              <td />
              {js.map((j) => (
                <th key={j} scope="col">
                  {j + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {is.map((i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                {js.map((j) => {
                  const value = data[i * cols + j] ?? 0;
                  return (
                    <td key={j} style={{ '--tint': `${Math.round(46 * value)}%` } as CSSProperties}>
                      {value.toFixed(2)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="ends axes" aria-hidden="true">
        <span>i of a ↓</span>
        <span>j of b →</span>
      </p>
      <Choice
        aria-label="Which directions"
        options={[
          ['left', 'outputs U'],
          ['right', 'inputs V'],
        ]}
        value={side}
        onChange={setSide}
      />
    </Figure>
  );
}

/** The headline of two adapters: how much they share, and the rank of their sum. */
/** Three decimals; never −0.000. */
const fixed = (x: number) => (Math.round(1000 * x) / 1000 || 0).toFixed(3).replace('-', '−');

export function pairSentence({ pair }: AdaptersState, numbers: MergeNumbers | null): string {
  if (!pair) return '';
  const { pairs } = pair.matched;
  if (pairs.length === 0) return 'The two adapters have no module in common: nothing can be compared.';
  const figures = allPairFigures(pair);
  if (!figures) return `${plural(pairs.length, 'module')} ${pairs.length === 1 ? 'matches' : 'match'}.`;
  const cosines = figures.map(({ cosine }) => cosine).filter(Number.isFinite);
  const middle = cosines.length === 0 ? null : median(cosines);
  const share = middle === null ? '' : `${sharing(middle)} (median cosine ${fixed(middle)}). `;
  if (!numbers) return `${share}α is not known of both: their sum is not either.`;
  const { curve } = numbers;
  if (curve[0] === 0) return `${share}Their sum is zero.`;
  const needed = exactRank(curve);
  const { rank } = pairPlan(pair.plan);
  if (rank === null || rank >= needed) return `${share}Their sum needs rank ${needed}.`;
  return `${share}Their sum needs rank ${needed}; cut to rank ${rank}, it is ${percent(curve[rank] ?? 0)} off.`;
}

function sharing(cosine: number): string {
  if (cosine < -0.3) return 'The two adapters work against each other';
  if (Math.abs(cosine) < 0.03) return 'The two adapters share almost no direction';
  if (Math.abs(cosine) < 0.3) return 'The two adapters share little';
  return cosine < 0.9 ? 'The two adapters partly agree' : 'The two adapters do nearly the same';
}

export function linearWords(linear: number | null): string {
  if (linear === null) return ' Here the ranks differ: they cannot even be added.';
  if (linear < ROUNDING_ERROR) return ' Here they cancel each other.';
  if (!Number.isFinite(linear)) return ' Here the sum is zero and the cross terms are not.';
  if (linear > 0.95)
    return linear < 1.05
      ? ' Here they are as large as the sum itself.'
      : ` Here they are ${number(linear, 2)} times as large as the sum itself.`;
  return ` Here they are ${percent(linear)} of the sum.`;
}
