import { Fragment, useMemo } from 'react';
import type { Plane } from '../../charts/matrices/plane.ts';
import { number, percent, plural } from '../../experiment/numbers.ts';
import { Figure } from '../../kit/figure.tsx';
import { useWidth } from '../../kit/media.tsx';
import { evenTrack, SliderControl } from '../../kit/slider.tsx';
import { type ReadyModule, shownModule, shownSizes } from '../../state/run/run.ts';
import { shownFrame } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { HeatPicture } from '../../ui/compare/heat-picture.tsx';
import { ChartFigure } from '../../ui/figures/chart-figure.tsx';
import { shownScaling } from '../../ui/lab-scene.ts';
import { useLab, useLabObject } from '../../ui/page.tsx';
import {
  distance,
  keptError,
  keptSpectrum,
  type LayerPeel,
  MAX_RANK,
  minLayerCount,
  peelOf,
} from '../charts/peel/layers.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';

/** Number of ΔW's layers that are kept, the strongest first. */
export const KEPT_LAYERS = lessonValue('kept', 3);

/** The layers of the run's ΔW; null before there is one, or if it would take too long. */
function usePeel(): LayerPeel | null {
  const module = useLab(shownModule);
  const { A, B } = useLabObject((s) => {
    const { A = null, B = null } = shownFrame(s) ?? {};
    return { A, B };
  });
  const scaling = useLab(shownScaling);
  return useMemo(() => {
    if (!module || !A || !B || module.rank > MAX_RANK || Math.max(module.d, module.k) > 1024) return null;
    const peel = known(module, A, B, scaling);
    return peel.values[0] > 0 ? peel : null;
  }, [module, A, B, scaling]);
}

const peels = new WeakMap<Float32Array, { readonly B: Float32Array; readonly s: number; readonly peel: LayerPeel }>();

/** Cached, because text and figure ask for the same one. */
function known({ d, k, rank }: ReadyModule, A: Float32Array, B: Float32Array, s: number): LayerPeel {
  const old = peels.get(A);
  if (old && old.B === B && old.s === s) return old.peel;
  const peel = peelOf({ A, B, d, k, rank }, s);
  peels.set(A, { B, s, peel });
  return peel;
}

const targetOf = (state: State): Plane | null => shownModule(state)?.wanted?.plane.mean ?? null;

const useKept = () => {
  const [kept, setKept] = useLessonValue(KEPT_LAYERS);
  const rank = useLab((s) => shownSizes(s).rank);
  return { kept: Math.min(kept, rank), rank, setKept };
};

export function PeelFigure() {
  const peel = usePeel();
  const { kept, rank } = useKept();
  const target = useLab(targetOf);
  const sum = peel?.sums[kept - 1];
  const error = sum && target ? distance(sum, target) : null;
  const charts = useMemo(
    () => [keptSpectrum({ layers: kept, error }), keptError({ layers: kept, error })],
    [kept, error],
  );
  return (
    <div className="peel">
      {peel ? (
        <Layers peel={peel} kept={kept} />
      ) : (
        <p className="help">
          {rank > MAX_RANK ? `Choose a rank up to ${MAX_RANK} to peel ΔW.` : 'Train the run to peel its ΔW.'}
        </p>
      )}
      <section className="charts" aria-label="Charts">
        {charts.map((chart) => (
          <ChartFigure key={chart.name} chart={chart} />
        ))}
      </section>
    </div>
  );
}

const SUBS = '₀₁₂₃₄₅₆₇₈₉';
const sub = (n: number) => [...String(n)].map((digit) => SUBS[Number(digit)]).join('');

function Layers({ peel, kept }: { readonly peel: LayerPeel; readonly kept: number }) {
  const { values, shares, layers, sums } = peel;
  const phone = useWidth() === 'phone';
  const scale = useMemo(() => layers.reduce((max, { values: layer }) => Math.max(max, strong(layer)), 0), [layers]);
  const shown = layers.map((_, i) => i).filter((i) => !phone || i === Math.min(kept, layers.length) - 1);
  const rest = values.length - layers.length;
  return (
    <Figure
      className="layers"
      title={`ΔW, peeled into ${plural(values.length, 'pattern')}`}
      help={
        <>
          above: pattern <i>i</i> = σᵢuᵢvᵢᵀ; below: the first <i>i</i> added up, with their share of the energy; one
          colour scale
        </>
      }
    >
      <div className="wrap between rows">
        {shown.map((i) => {
          const className = i < kept ? (i === kept - 1 ? 'column at-kept' : 'column') : 'column pale';
          const name = `first ${i + 1}: ${percent(shares[i] ?? 0)}`;
          return (
            <Fragment key={i}>
              {i > 0 && !phone && (
                <span className="soft" aria-hidden="true">
                  +
                </span>
              )}
              <div className={className} data-layer={i + 1}>
                <p>
                  σ{sub(i + 1)} {number(values[i])}
                </p>
                <Cell plane={layers[i]} scale={scale} label={`Pattern ${i + 1} alone, σ ${number(values[i])}`} />
                <p className="down" aria-hidden="true">
                  ↓
                </p>
                <Cell plane={sums[i]} scale={scale} label={`The first ${i + 1} added up`} sum />
                <p>{name}</p>
              </div>
            </Fragment>
          );
        })}
        {rest > 0 && !phone && <p className="soft more">… {rest} more</p>}
      </div>
    </Figure>
  );
}

const strong = (layer: Float32Array) => layer.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

interface PeelCellProps {
  readonly plane: Plane | undefined;
  readonly scale: number;
  readonly label: string;
  readonly sum?: boolean;
}

function Cell({ plane, scale, label, sum = false }: PeelCellProps) {
  return (
    <div className={sum ? 'cell sum' : 'cell'}>
      <HeatPicture plane={plane ?? null} of="dW" scale={scale} label={label} />
    </div>
  );
}

export function LayerSlider() {
  const { kept, rank, setKept } = useKept();
  const ticks = Array.from({ length: rank }, (_, i) => i + 1).filter((i) => rank <= 8 || i === 1 || i % 8 === 0);
  return (
    <SliderControl
      className="layers-kept"
      label="Patterns kept"
      value={kept}
      text={String(kept)}
      track={evenTrack(1, rank, 1, ticks)}
      onValue={setKept}
    />
  );
}

/** The kept share, and the next thing to try. */
export function LayerStatus() {
  const peel = usePeel();
  const { kept } = useKept();
  const share = peel?.shares[kept - 1];
  if (!peel || share === undefined) return null;
  const layers = kept === 1 ? '1 pattern holds' : `${kept} patterns hold`;
  const fewest = minLayerCount(peel, ENOUGH) ?? 0;
  const verdict =
    kept < fewest
      ? kept + 1 === fewest
        ? 'just short. Add one.'
        : 'not enough.'
      : 'enough, but fewer patterns do too.';
  return (
    <p>
      {layers} {percent(share)}: {verdict}
    </p>
  );
}

const ENOUGH = 0.9;

/** The least number of layers of the run on screen with that share; null if there is no run to peel. */
export function minLayers(state: State): number | null {
  const module = shownModule(state);
  const { A = null, B = null } = shownFrame(state) ?? {};
  if (!module || !A || !B || module.rank > MAX_RANK) return null;
  const peel = known(module, A, B, shownScaling(state));
  return peel.values[0] > 0 ? minLayerCount(peel, ENOUGH) : null;
}
