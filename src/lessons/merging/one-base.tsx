import './one-base.css';
import { type ReactNode, useMemo } from 'react';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import { number, percent } from '../../experiment/numbers.ts';
import { Radios } from '../../kit/choice.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { SliderControl } from '../../kit/slider.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { evenTrack } from '../../kit/track.ts';
import { useTheme } from '../../ui/looks/theme.tsx';
import { colour } from '../../ui/rail/colours.ts';
import { useLessonValue } from '../pane/values.tsx';
import { adapters, base, cosine, crossTerms, MERGE_WAY, mergedUpdate, NAMES, RANK, SIDE, WEIGHTS } from './adapters.ts';

const BASE = Float64Array.from(base);
const AMOUNTS = evenTrack(-1, 2, 0.25);

export function OneBase() {
  const [weights, setWeights] = useLessonValue(WEIGHTS);
  const [way, setWay] = useLessonValue(MERGE_WAY);
  const parts = useMemo(() => adapters.map((one, i) => [one, weights[i]] as const), [weights]);
  const used = parts.filter(([, weight]) => weight !== 0);
  const change = useMemo(
    () => (used.length === 0 ? new Float64Array(SIDE * SIDE) : mergedUpdate(used, way)),
    [used, way],
  );
  const W = change.map((value, i) => BASE[i] + value);
  return (
    <section className="one-base" aria-label="One base, several adapters">
      <div className="sum">
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
      </p>
    </section>
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
  /** `w`: greys of a picture from 0 to 1; `dw`: signed, in the hue of ΔW. */
  readonly hue: 'w' | 'dw';
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
        const [paper, ink, positive, negative] = ['--paper', '--ink', '--dw', '--neg-cool'].map(colour);
        if (hue === 'w') paintPicture(values, SIDE, SIDE, [0, 1], tonesOf(paper, ink), into);
        else paint(values, SIDE, SIDE, 1, { paper, positive, negative }, into);
      },
    }),
    [values, hue, theme],
  );
  return (
    <figure>
      <Heatmap pixels={pixels} role="img" aria-label={label} />
      <figcaption>{children}</figcaption>
    </figure>
  );
}
