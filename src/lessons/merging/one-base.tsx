import './one-base.css';
import { type ReactNode, useMemo } from 'react';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import { number, percent } from '../../experiment/numbers.ts';
import { Button, Radios } from '../../kit/button.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { evenTrack, SliderControl } from '../../kit/slider.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { useTheme } from '../../ui/looks/theme.tsx';
import { colour } from '../../ui/rail/colours.ts';
import { useTraining } from '../pane/lesson-runs.tsx';
import { useLessonValue } from '../pane/values.tsx';
import {
  adapterExperiments,
  adapterOfRun,
  adapters,
  base,
  cosine,
  crossTerms,
  isBeyond,
  MERGE_WAY,
  mergedUpdate,
  NAMES,
  OWN_RUNS,
  RANK,
  SIDE,
  WEIGHTS,
} from './adapters.ts';

const BASE = Float64Array.from(base);
const AMOUNTS = evenTrack(-1, 2, 0.25);

/** Twice an edit of the owl, so that one and two look different. */
const CHANGE = 2;

/** `differs`: with what adding the factors gets wrong. */
export function OneBase({ differs = false }: { readonly differs?: boolean }) {
  const [weights, setWeights] = useLessonValue(WEIGHTS);
  const [way, setWay] = useLessonValue(MERGE_WAY);
  const { runs } = useLessonValue(OWN_RUNS)[0];
  const own = useMemo(() => {
    const made = runs.map((run, i) => run && adapterOfRun(run, i));
    return made.length > 0 && made.every((one) => one !== null) ? made : null;
  }, [runs]);
  const shown = own ?? adapters;
  const parts = useMemo(() => shown.map((one, i) => [one, weights[i]] as const), [shown, weights]);
  const used = useMemo(() => parts.filter(([, weight]) => weight !== 0), [parts]);
  const change = useMemo(
    () => (used.length === 0 ? new Float64Array(SIDE * SIDE) : mergedUpdate(used, way)),
    [used, way],
  );
  const W = useMemo(() => change.map((value, i) => BASE[i] + value), [change]);
  const error = useMemo(() => {
    const right = used.length === 0 ? change : mergedUpdate(used, 'products');
    return change.map((value, i) => value - right[i]);
  }, [used, change]);
  const beyond = W.filter(isBeyond).length;
  return (
    <section className="one-base" aria-label="One base, several adapters">
      <div className="row between sum">
        <Painted values={BASE} hue="w" label="W₀: the owl">
          <Sym of="W₀" /> frozen: {SIDE} × {SIDE} = 4,096 numbers, stored once
        </Painted>
        <span aria-hidden="true">+</span>
        <Painted values={change} hue="dw" label={`The change: ${wordsOf(weights)}`}>
          <Sym of="ΔW" /> from {used.length === 1 ? '1 adapter' : `${used.length} adapters`}, rank at most{' '}
          {way === 'factors' ? RANK : RANK * used.length}
        </Painted>
        <span aria-hidden="true">=</span>
        <Painted values={W} hue="w" label={`What the layer uses: the owl and ${wordsOf(weights)}`}>
          <Sym of="W" /> what the layer uses
        </Painted>
        {differs && (
          <Painted values={error} hue="e" label="What adding the factors gets wrong">
            minus the sum of the products: what is wrong
          </Painted>
        )}
      </div>
      <div className="amounts">
        {NAMES.map((name, i) => (
          <SliderControl
            key={name}
            label={name}
            text={written(weights[i])}
            track={AMOUNTS}
            value={weights[i]}
            onValue={(value) => {
              const [first, second, third] = weights.map((one, j) => (j === i ? value : one));
              setWeights([first, second, third]);
            }}
          />
        ))}
        <Radios
          aria-label="How they are added"
          className="ways"
          options={[
            ['products', 'Add the products B·A'],
            ['factors', 'Add the factors B and A (wrong)'],
          ]}
          value={way}
          onChange={setWay}
        />
      </div>
      <p role="status" className="reading">
        {readingOf(parts, used, way)}
        {beyond > 0 && ` In W ${beyond} numbers are beyond black or white: red.`}
      </p>
      <TrainThree trained={own !== null} />
    </section>
  );
}

/** The adapters are recorded, until the reader trains them. */
function TrainThree({ trained }: { readonly trained: boolean }) {
  const { going, start } = useTraining(OWN_RUNS);
  if (trained) return <p className="help">The three adapters were trained here, on this device.</p>;
  return (
    <p className="row help">
      The three adapters are recorded.
      {start && (
        <Button disabled={going} onClick={() => start(adapterExperiments())}>
          {going ? 'Training …' : 'Train them here'}
        </Button>
      )}
    </p>
  );
}

type Parts = Parameters<typeof crossTerms>[0];

function readingOf(parts: Parts, used: Parts, way: 'products' | 'factors'): string {
  if (used.length === 0) return 'No adapter is added: the layer uses W₀.';
  const wrong =
    way === 'factors' ? ` Adding the factors misses the sum of the products by ${percent(crossTerms(used))}.` : '';
  if (used.length === 1) return `One adapter, with weight ${written(used[0][1])}.${wrong}`;
  const pairs = used.flatMap(([one], i) =>
    used.slice(i + 1).map(([other]) => {
      const [a, b] = [one, other].map((of) => NAMES[parts.findIndex(([known]) => known === of)]);
      return `${a} and ${b.toLowerCase()}: cosine ${number(cosine(one, other))}`;
    }),
  );
  return `${pairs.join(' · ')}.${wrong}`;
}

const written = (weight: number) => String(weight).replace('-', '−');

function wordsOf(weights: readonly number[]): string {
  const named = weights.flatMap((weight, i) =>
    weight === 0 ? [] : [`${weight === 1 ? '' : `${written(weight)} times `}${NAMES[i].toLowerCase()}`],
  );
  return named.length === 0 ? 'nothing' : named.join(' and ');
}

interface PaintedProps {
  readonly values: Float64Array;
  /** `w`: greys of a picture from 0 to 1, red beyond them; `dw`: signed, in the hue of ΔW; `e`: its size in ink. */
  readonly hue: 'w' | 'dw' | 'e';
  readonly label: string;
  readonly children: ReactNode;
}

function Painted({ values, hue, label, children }: PaintedProps) {
  const theme = useTheme();
  const pixels = useMemo(
    (): Pixels => ({
      rows: SIDE,
      cols: SIDE,
      paint: (into) => {
        const [paper, ink, dw, cool, red] = ['--paper', '--ink', '--dw', '--neg-cool', '--dwt'].map(colour);
        const [positive, negative] = hue === 'e' ? [ink, ink] : [dw, cool];
        if (hue !== 'w')
          return paint(values, SIDE, SIDE, hue === 'e' ? 1 : CHANGE, { paper, positive, negative }, into);
        paintPicture(values, SIDE, SIDE, [0, 1], tonesOf(paper, ink), into);
        values.forEach((grey, i) => {
          if (isBeyond(grey)) into.set(red, 4 * i);
        });
      },
    }),
    [values, hue, theme],
  );
  return (
    <figure>
      <Heatmap pixels={pixels} role="img" aria-label={label} />
      <figcaption className="soft space-above">{children}</figcaption>
    </figure>
  );
}
