import './guess-chart.css';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { arrowKeys } from '../../kit/arrows.ts';
import { usePlot } from '../../kit/chart/use-plot.ts';
import { Figure } from '../../kit/figure.tsx';
import {
  type DrawnGuess,
  drawGuess,
  type GuessScene,
  guessAt,
  liftPen,
  moveGuess,
  type Pen,
  penAt,
  placesAt,
  strokeGuess,
} from '../charts/guess/guess.ts';

interface GuessChartProps {
  readonly title: ReactNode;
  readonly help: ReactNode;
  readonly scene: Omit<GuessScene, 'at'>;
  /** Without it the line cannot be changed. */
  readonly onGuess?: (guess: DrawnGuess) => void;
  readonly says: string;
  readonly step: number;
}

/** A reader draws a guess with a pointer, or with ← → ↑ ↓; to a screen reader each place is a slider. */
export function GuessChart({ title, help, scene, onGuess, says, step }: GuessChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const shown = useMemo(() => ({ ...scene, at }), [scene, at]);
  const { container, svg, size } = usePlot(drawGuess, shown);
  return (
    <Figure className="guess-chart" title={title} help={help}>
      <div ref={container} className="plot">
        <svg ref={svg} className="chart" aria-hidden="true" />
        <p className="unseen">{says}</p>
        {onGuess && size && (
          <>
            <Pad guess={scene.guess} onGuess={onGuess} pen={(x, y) => penAt(scene, size, x, y)} />
            <Sliders {...{ scene, at, setAt, onGuess, step }} left={placesAt(scene, size)} />
          </>
        )}
      </div>
    </Figure>
  );
}

interface GuessPadProps {
  readonly scene: Omit<GuessScene, 'at'>;
  readonly guess: DrawnGuess;
  readonly onGuess: (guess: DrawnGuess) => void;
  readonly pen: (x: number, y: number) => Pen;
}

function Pad({ guess, onGuess, pen }: Omit<GuessPadProps, 'scene'>) {
  /** End of the stroke so far and its line: the next event may come before React renders again. */
  const stroke = useRef<{ readonly at: Pen; readonly guess: DrawnGuess } | null>(null);
  const to = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = pen(event.clientX - left, event.clientY - top);
    const before = stroke.current ?? { at, guess };
    const next = strokeGuess(before.guess, before.at, at);
    stroke.current = { at, guess: next };
    onGuess(next);
  };
  const lift = () => {
    if (stroke.current) onGuess(liftPen(stroke.current.guess));
    stroke.current = null;
  };
  return (
    <div
      className="pad"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        to(event);
      }}
      onPointerMove={(event) => stroke.current && to(event)}
      onPointerUp={lift}
      onPointerCancel={lift}
    />
  );
}

interface SlidersProps extends Omit<GuessPadProps, 'pen' | 'guess'> {
  readonly at: number | null;
  readonly setAt: (at: number | null) => void;
  readonly step: number;
  /** px of each place. */
  readonly left: readonly number[];
}

/** One native slider per place, with the mark in the chart as its thumb; only one is a tab stop. */
function Sliders({ scene, at, setAt, onGuess, step, left }: SlidersProps) {
  const { places, top, guess, text, axis, name } = scene;
  const inputs = useRef<(HTMLInputElement | null)[]>([]);
  const press = (place: number) => (event: KeyboardEvent<HTMLInputElement>) => {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (side === undefined && up === undefined) return false;
    if (side !== undefined) inputs.current[Math.max(0, Math.min(places.length - 1, place + side))]?.focus();
    else if (up !== undefined) set(place, usual(place) + up * step);
  };
  /** Where nothing is drawn yet: as high as the place before it. */
  const usual = (place: number): number => guessAt(guess, place) ?? (place > 0 ? usual(place - 1) : top / 2);
  const set = (place: number, value: number) => {
    const digits = Math.round(value / step) * step;
    onGuess(moveGuess(guess, place, Math.max(0, Math.min(top, digits))));
  };
  return (
    <div className="places">
      {places.map((place, i) => {
        const height = guessAt(guess, i);
        return (
          <input
            key={place}
            ref={(input) => {
              inputs.current[i] = input;
            }}
            type="range"
            min={0}
            max={top}
            step={step}
            value={usual(i)}
            aria-label={`${name}, ${axis} ${place}`}
            aria-valuetext={height === null ? 'nothing drawn' : text(height)}
            style={{ left: left[i] }}
            onChange={(event) => set(i, event.currentTarget.valueAsNumber)}
            onKeyDown={arrowKeys(press(i))}
            tabIndex={i === (at ?? 0) ? 0 : -1}
            onFocus={() => setAt(i)}
            onBlur={() => setAt(null)}
          />
        );
      })}
    </div>
  );
}
