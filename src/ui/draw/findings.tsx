import { useMemo, useRef } from 'react';
import type { Hover, RunChart, Scene } from '../../charts/chart.ts';
import { spectrum } from '../../charts/spectrum/spectrum.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { count, number, plural } from '../../experiment/numbers.ts';
import { Announced } from '../../kit/announced.tsx';
import { Figure } from '../../kit/figure.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { draftRank } from '../../state/draft.ts';
import type { Draft, DraftResult, Ground } from '../../state/view.ts';
import { ChartPicture } from '../figures/chart-figure.tsx';
import { useTheme } from '../looks/theme.tsx';
import { useLab } from '../page.tsx';
import { entryPixels, greyPixels } from '../rail/colours.ts';

/** Ranks of the small table, in addition to the present one. */
const TABLED = [1, 2, 4, 8, 16];

interface FindingsProps {
  readonly on: Ground;
  readonly draft: Draft;
  readonly empty: boolean;
}

/** The drawing as ΔW*: its picture, floors, spectrum, and best approximation of each rank. */
export function Findings({ on, draft: { answer, order }, empty }: FindingsProps) {
  const rank = useLab(draftRank);
  const word = on === 'owl' ? 'edit' : 'drawing';
  const late = answer?.order !== order;
  const known = !empty && answer && answer.singularValues[0] > 0 ? answer : null;
  const floors = useMemo(() => (known ? floorOf(known.singularValues) : null), [known]);
  const floor = floors?.[Math.min(rank, floors.length - 1)];
  const directions = known?.directions ?? 0;
  const size = useLab((s) => Math.max(s.experiment.d, s.experiment.k));
  const shrunk = known && Math.max(known.d, known.k) < size;
  // One announcement per stroke, whatever else is redrawn.
  const reported = useRef({ order: 0, words: '' });
  if (empty) reported.current = { order, words: '' };
  else if (floor !== undefined && !late && reported.current.order !== order)
    reported.current = { order, words: said(rank, floor, directions) };
  return (
    <section className="findings" aria-label="What each rank can reach" aria-busy={late && !empty}>
      {known && <Best answer={known} rank={rank} on={on} />}
      <div className="lead">
        <div>
          <h3 className="space-below">
            Your {word}, <Sym of="ΔW*" />
          </h3>
          <Update answer={known} />
        </div>
        <div className={late ? 'best late' : 'best'}>
          {floor === undefined || !known ? (
            <p>{empty ? 'Nothing drawn yet, so there is nothing to learn.' : late ? 'computing' : NOTHING_LEFT}</p>
          ) : (
            <>
              <p className="at">
                lowest possible error at rank {count(rank)} {late && <span className="note">computing</span>}
              </p>
              <p className="figure">{floor < EXACT ? '0' : number(floor)}</p>
              <p className="note">
                No rank-{count(rank)} update comes closer than this (relative error). Your {word} has{' '}
                {plural(directions, 'direction')}; its effective rank is {known.effectiveRank.toFixed(1)}.
                {shrunk && ` Measured at ${count(known.d)} × ${count(known.k)}.`}
              </p>
            </>
          )}
        </div>
        {floors && <Floors floors={floors} rank={rank} />}
        <Announced>{reported.current.words}</Announced>
      </div>
      {known && <Spectrum values={known} name={`your ${word}`} />}
    </section>
  );
}

const NOTHING_LEFT = 'This leaves the picture as it is, so there is nothing to learn.';

function said(rank: number, floor: number, directions: number): string {
  return `lowest possible error at rank ${count(rank)}: ${short(floor)}, ${plural(directions, 'direction')}`;
}

/** A smaller floor is rounding: the approximation is exact. */
const EXACT = 5e-7;

function short(floor: number): string {
  return floor < EXACT ? '0' : floor < 5e-4 ? '< 0.001' : floor.toFixed(3);
}

function Floors({ floors, rank }: { readonly floors: Float64Array; readonly rank: number }) {
  const ranks = [...new Set([...TABLED, rank])].filter((r) => r < floors.length).sort((a, b) => a - b);
  const lines: readonly (readonly [string, (r: number) => string])[] = [
    ['rank', count],
    ['floor', (r) => short(floors[r])],
  ];
  return (
    <table>
      <caption className="unseen">The smallest relative error within reach, by rank</caption>
      <tbody>
        {lines.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {ranks.map((r) => (
              <td key={r} className={r === rank ? 'now' : undefined}>
                {text(r)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Update({ answer }: { readonly answer: DraftResult | null }) {
  const theme = useTheme();
  const { d = 64, k = 64 } = answer ?? {};
  const pixels = useMemo(() => signedPixels(d, k, answer?.update ?? new Float32Array(d * k)), [answer, d, k, theme]);
  return <Heatmap pixels={pixels} className="update" role="img" aria-label="The update ΔW*" />;
}

/** Most entries of an edit are 0, so its scale is the largest entry. */
function signedPixels(rows: number, cols: number, values: Float32Array): Pixels {
  const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return entryPixels({ rows, cols, values, scale });
}

/** Defaults of a run's chart, since there is no run yet. */
const CHART: RunChart = {
  ...spectrum,
  title: 'Singular values σᵢ of ΔW*',
  describe: ({ target, d, k }) => {
    const { length } = Array.from(target?.values ?? []).filter((value) => value >= 1e-3);
    return `${plural(length, 'direction')} of at most ${count(Math.min(d, k))} above a thousandth of the largest.`;
  },
};

function Spectrum({ values, name }: { readonly values: DraftResult; readonly name: string }) {
  const rank = useLab(draftRank);
  const hover = useLab((s) => (s.hover?.axis === 'rank' ? s.hover : null));
  const scene = useMemo(() => draftScene(values, name, rank, hover), [values, name, rank, hover]);
  return (
    <Figure
      name="draft"
      level={3}
      title={
        <>
          Singular values σᵢ of <Sym of="ΔW*" />
        </>
      }
      help={hover ? CHART.readout(scene, hover.index) : CHART.help(scene)}
    >
      <ChartPicture chart={CHART} scene={scene} />
    </Figure>
  );
}

function Best({ answer, rank, on }: { readonly answer: DraftResult; readonly rank: number; readonly on: Ground }) {
  return (
    <section className="each" aria-label="The best at each rank">
      <h3>The best at each rank</h3>
      <ul>
        {answer.best.map((one) => (
          <li key={one.rank} className={one.rank === rank ? 'now' : undefined}>
            <Picture {...{ answer, on }} values={one.values} rank={one.rank} />
            rank {count(one.rank)}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DraftPictureProps {
  readonly answer: DraftResult;
  readonly values: Float32Array;
  readonly rank: number;
  readonly on: Ground;
}

function Picture({ answer: { d, k }, values, rank, on }: DraftPictureProps) {
  const theme = useTheme();
  const pixels = useMemo(
    () => (on === 'owl' ? greyPixels({ rows: d, cols: k, values: values.map(inRange) }) : signedPixels(d, k, values)),
    [d, k, values, on, theme],
  );
  return <Heatmap pixels={pixels} role="img" aria-label={`The best at rank ${count(rank)}`} />;
}

const inRange = (value: number) => Math.min(1, Math.max(0, value));

const NONE = new Float64Array(0);

function draftScene({ d, k, singularValues }: DraftResult, name: string, rank: number, hover: Hover | null): Scene {
  const norm = Math.sqrt(singularValues.reduce((sum, s) => sum + s * s, 0));
  return {
    status: 'idle',
    d,
    k,
    rank: Math.min(rank, d, k),
    scaling: 1,
    budget: 0,
    step: 0,
    lookingBack: false,
    curves: {
      length: 0,
      loss: NONE,
      gradNormA: NONE,
      gradNormB: NONE,
      updateNormA: NONE,
      updateNormB: NONE,
      relativeError: NONE,
    },
    sampled: { steps: [], spectra: [] },
    spectrum: null,
    alignment: null,
    target: { name, values: singularValues, how: 'computed', error: 0, norm, floor: floorOf(singularValues) },
    ownFloor: { value: null, by: 'rank' },
    frozenFactor: null,
    samples: null,
    network: null,
    zeroAtStart: null,
    definition: 'entropy',
    others: [],
    ended: [],
    hover,
    empty: null,
  };
}
