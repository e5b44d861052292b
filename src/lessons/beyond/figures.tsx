import './beyond.css';
import '../../ui/experiments/which/which.css';
import { useEffect, useMemo, useState } from 'react';
import { ADAPTER_WORDS, type AdapterName, BUDGET_RANKS } from '../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName, SIDE } from '../../experiment/methods/which/kinds.ts';
import { bestOf, cellOf, parametersOf, rowOf, TABLE_SEEDS } from '../../experiment/methods/which/map.ts';
import { count } from '../../experiment/numbers.ts';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { type AnyMatrix, toFloat64 } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { cellSentence, cellTitle, errorText } from '../../ui/experiments/which/map-words.ts';
import { KindBars, KindPicture, UpdateMap } from '../../ui/experiments/which/update-map.tsx';
import { type UpdatePictures, updatePictures, updateRows } from '../../ui/experiments/which/updates.ts';
import { useTheme } from '../../ui/looks/theme.tsx';
import { entryPixels } from '../../ui/rail/colours.ts';
import { type Curve, type CurvesScene, curvesDrawing } from '../charts/curves/curves.ts';
import { CurvesFigure } from '../figures/figures.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { useHasPredicted } from '../step.tsx';
import { type AdapterShape, SHAPES, shapeOf } from './shapes.ts';
import {
  CELL,
  CHOSEN_FROM,
  DORA_AT_RANK,
  DORA_KIND,
  EQUAL_RANKS,
  KIND_WORDS,
  matricesOf,
  PICTURED,
  restCurves,
} from './values.ts';

/** As in the lab. */
const HUES = { W: ['--w0', '--neg-warm'], dW: ['--dw', '--neg-cool'], target: ['--dwt', '--neg-cool'] } as const;

interface MatrixPictureProps {
  readonly matrix: AnyMatrix;
  readonly of: keyof typeof HUES;
  readonly name: string;
}

export function MatrixPicture({ matrix, of, name }: MatrixPictureProps) {
  const theme = useTheme();
  const pixels = useMemo(() => {
    const { rows, cols, data } = matrix;
    return entryPixels({ rows, cols, values: data }, HUES[of]);
  }, [matrix, of, theme]);
  return <Heatmap className="entries" pixels={pixels} role="img" aria-label={name} />;
}

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const ERROR = { name: 'error', scale: 'linear', ends: [0, 1], ticks: QUARTERS } as const;

/** Each made once, in some milliseconds. */
export function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

const turned = once((_: null) => {
  const { update, base: given } = matricesOf('rotation', 1);
  const base = toFloat64(given);
  const turned = { ...base, data: base.data.map((value, at) => value + update.data[at]) };
  return { base, turned, update, sigma: singularValues(update) };
});

const RANKS = { name: 'rank r', scale: 'linear', ends: [0, 64], ticks: [0, 8, 16, 32, 64] } as const;

/** By rank: the lowest error of LoRA. */
function floorScene(sigma: Float64Array): CurvesScene {
  const rests = errorAtRank(sigma);
  const points = Array.from(rests, (rest, rank) => [rank, rest / rests[0]] as const);
  return {
    x: RANKS,
    y: ERROR,
    curves: [{ name: '', className: 'dw', points: points.slice(0, 65), strong: true }],
  };
}

/** W₀, the same turned, and their difference; its spectrum and, after the guess, the floor by rank. */
export function TurnedMatrix() {
  const known = useHasPredicted('beyond', 'rotation');
  const { base, turned: after, update, sigma } = turned(null);
  const scene = useMemo(() => (known ? floorScene(sigma) : spectrumScene(sigma)), [known, sigma]);
  const pictures = [
    ['W₀', 'W', base],
    ['W₀ turned', 'W', after],
    ['ΔW*, the difference', 'target', update],
  ] as const;
  return (
    <section className="of-beyond turned" aria-label="A matrix, turned">
      <ul>
        {pictures.map(([name, of, matrix]) => (
          <li key={name}>
            <MatrixPicture matrix={matrix} of={of} name={name} />
            <Subscripts>{name}</Subscripts>
          </li>
        ))}
      </ul>
      <Figure
        title={known ? 'The lowest error of LoRA, by rank' : 'Singular values of the difference'}
        help={known ? 'no training gets below it' : 'over the largest; 64 × 64'}
      >
        <Plot chart={curvesDrawing} scene={scene} />
      </Figure>
    </section>
  );
}

const shapes = once((_: null): readonly AdapterShape[] => SHAPES.map(shapeOf));

/** Six adapters: ΔW of random numbers, or what it gains from one of them. */
export function SixFormulas() {
  const [shown] = useLessonValue(PICTURED);
  return (
    <section className="six-formulas" aria-label="Six adapters on a matrix of 64 × 64">
      <ul>
        {shapes(null).map((shape) => (
          <li key={shape.label}>
            <MatrixPicture
              matrix={shape[shown]}
              of="dW"
              name={`${shape.label}: ${shown === 'whole' ? 'a whole update' : 'what one of its numbers moves'}`}
            />
            <h3>{shape.label}</h3>
            <p className="of">
              <Subscripts>{`ΔW = ${shape.formula}`}</Subscripts>
            </p>
            <p className="note">{count(shape.count)} numbers</p>
          </li>
        ))}
      </ul>
      <p className="note">
        {shown === 'whole'
          ? 'ΔW of random numbers. W₀ is random, too.'
          : 'What ΔW gains if one of its numbers rises by 1: of B for LoRA and HiRA, of C for LoKr.'}
      </p>
    </section>
  );
}

const NO_PICTURES: UpdatePictures = new Map<KindName, never>();

/** Once the figure is on screen. */
function usePictures(): UpdatePictures {
  const [pictures, setPictures] = useState(NO_PICTURES);
  useEffect(() => {
    const timer = setTimeout(() => setPictures(updatePictures()));
    return () => clearTimeout(timer);
  }, []);
  return pictures;
}

/** The seven kinds of update and, after the guess, what each adapter leaves of them. */
export function UpdatesAndAdapters() {
  const known = useHasPredicted('beyond', 'never-far');
  const pictures = usePictures();
  return (
    <section className="which-page of-beyond" aria-label="Adapters and kinds of update">
      {known ? <KnownMap pictures={pictures} /> : <Kinds pictures={pictures} />}
      <p className="note">
        The numbers of the map are recorded: the lowest relative error that any training can reach, median of{' '}
        {TABLE_SEEDS} draws; * the lowest found. Frame: the kind that an adapter is made for. Bold: best of its row.
      </p>
    </section>
  );
}

function KnownMap({ pictures }: { readonly pictures: UpdatePictures }) {
  const [view, setView] = useLessonValue(CELL);
  const rows = useMemo(() => updateRows(view, null), [view]);
  const error = rows.find(({ name }) => name === view.kind)?.errors[view.adapter] ?? null;
  const Shown = useWidth() === 'phone' ? KindBars : UpdateMap;
  return (
    <>
      <Shown
        view={view}
        rows={rows}
        pictures={pictures}
        onShow={(changes) => setView({ ...view, ...changes })}
        onOpen={() => undefined}
      />
      <p className="read" role="status">
        <b>
          <Subscripts>{cellTitle(view, error)}</Subscripts>
        </b>
        . <Subscripts>{cellSentence(view, error)}</Subscripts>
      </p>
    </>
  );
}

/** The lowest number of the chosen row, once the map is on screen. */
export function LowestOfRow() {
  const [{ kind, rank, places }] = useLessonValue(CELL);
  const known = useHasPredicted('beyond', 'never-far');
  const row = KINDS.find(({ name }) => name === kind);
  if (!known || !row) return null;
  const errors = rowOf(row.name, { rank, places });
  const [best] = bestOf(errors);
  return (
    <>
      Row “<Subscripts>{row.label}</Subscripts>”: the lowest number is {errorText(errors[best])}, of{' '}
      {ADAPTER_WORDS[best].label}.
    </>
  );
}

function Kinds({ pictures }: { readonly pictures: UpdatePictures }) {
  return (
    <ul className="kinds">
      {KINDS.map(({ name, label, brief }) => (
        <li key={name}>
          <KindPicture kind={name} pictures={pictures} />
          <b>
            <Subscripts>{label}</Subscripts>
          </b>
          <span className="note">
            <Subscripts>{brief}</Subscripts>
          </span>
        </li>
      ))}
    </ul>
  );
}

const curvesOf = once((kind: 'noise' | 'low-rank') => restCurves(matricesOf(kind, 1).update));
function restScene(kind: 'noise' | 'low-rank', known: boolean): CurvesScene {
  const { largest, random, lora } = curvesOf(kind);
  const chosen: Curve = { name: 'largest entries', className: 'dw', points: largest, strong: true };
  return {
    x: { name: 'share', scale: 'linear', ends: [0, 1], ticks: QUARTERS },
    y: ERROR,
    curves: [
      { name: 'random entries', className: 'ink-3', points: random, kind: 0 },
      { name: 'LoRA', className: 'b', points: lora, kind: 1 },
      ...(known ? [chosen] : []),
    ],
  };
}

/** Error by trained numbers: the largest entries, random ones, and LoRA. */
export function EntriesFigure() {
  const known = useHasPredicted('beyond', 'energy');
  const [kind] = useLessonValue(CHOSEN_FROM);
  const scene = useMemo(() => restScene(kind, known), [kind, known]);
  return (
    <div className="figures">
      <CurvesFigure
        title={kind === 'noise' ? 'What is left of noise' : 'What is left of an update of low rank'}
        help="lowest relative error by trained numbers as a share of 4,096; one matrix of 64 × 64"
        scene={scene}
      />
    </div>
  );
}

const SIZES = BUDGET_RANKS.map((rank) => ({ rank, places: false }));

/** Trained numbers of DoRA: B, A and a length for each row. */
const doraNumbers = (rank: number) => 2 * SIDE * rank + SIDE;

/** Marks alone: between two ranks there are others, and a low-rank update has a cliff at its own. */
function doraScene(kind: keyof typeof KIND_WORDS): CurvesScene {
  const bySize = (adapter: AdapterName) =>
    SIZES.map((size) => [parametersOf(adapter, size), cellOf(kind, adapter, size)] as const);
  const byRank = EQUAL_RANKS.map((rank, i) => [doraNumbers(rank), DORA_AT_RANK[kind][i]] as const);
  const marks = { marked: true, alone: true } as const;
  return {
    x: { name: 'numbers', scale: 'log', ends: [400, 2200], ticks: [512, 1024, 2048] },
    y: ERROR,
    curves: [
      { name: '□ LoRA', className: 'b', points: bySize('lora'), kind: 1, ...marks },
      { name: '○ DoRA, fewer', className: 'dw', points: bySize('dora'), kind: 0, ...marks },
      { name: '△ DoRA, more', className: 'dw', points: byRank, kind: 2, strong: true, ...marks },
    ],
  };
}

/** LoRA and DoRA by size, on one kind of update. */
export function DoraFigure() {
  const [kind] = useLessonValue(DORA_KIND);
  const scene = useMemo(() => doraScene(kind), [kind]);
  return (
    <div className="figures">
      <CurvesFigure
        title={<Subscripts>{`LoRA and DoRA, by size: ${KIND_WORDS[kind]}`}</Subscripts>}
        help="recorded: lowest relative error by trained numbers, of DoRA the lowest found; □ LoRA at ranks 4, 8, 16; ○ DoRA at 3, 7, 15; △ DoRA at 4, 8, 16"
        scene={scene}
      />
    </div>
  );
}

/** By index: each singular value over the largest. */
export function spectrumScene(sigma: Float64Array): CurvesScene {
  const points = Array.from(sigma, (value, i) => [i + 1, value / sigma[0]] as const);
  return {
    x: { name: 'index i', scale: 'linear', ends: [1, 64], ticks: [1, 8, 16, 32, 64] },
    y: { name: 'σᵢ/σ₁', scale: 'linear', ends: [0, 1], ticks: QUARTERS },
    curves: [{ name: '', className: 'dwt', points, strong: true }],
  };
}
