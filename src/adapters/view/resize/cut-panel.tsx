import { type KeyboardEvent, memo, type PointerEvent, useLayoutEffect, useRef } from 'react';
import { arrowKeys } from '../../../kit/arrows.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import type { CutScene } from '../../charts/resize/cut-scene.ts';
import { cutSpectrum } from '../../charts/resize/cut-spectrum.ts';
import { errorText } from '../../charts/resize/error-text.ts';

interface CutPanelProps extends CutScene {
  readonly module: number;
  readonly size: Size;
  readonly onCut: (module: number, kept: number) => void;
}

/** A finger that moves less than this, in px, has pressed and not dragged. */
const DRAGGED = 4;

/** The spectrum of a module whose cut is dragged, or moved by arrow keys. Drawn again only where its own cut moves. */
export const CutPanel = memo(function CutPanel({ module, size, onCut, ...scene }: CutPanelProps) {
  const svg = useRef<SVGSVGElement>(null);
  const finger = useRef<number | null>(null);
  const { title, rank, kept, error } = scene;
  useLayoutEffect(() => {
    if (svg.current) cutSpectrum.draw(svg.current, scene, size);
  });
  const cutAt = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) => {
    const to = cutSpectrum.keptAt(scene, size, clientX - currentTarget.getBoundingClientRect().left);
    if (to !== kept) onCut(module, to);
  };
  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    if (event.pointerType === 'touch') {
      finger.current = event.clientX;
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    cutAt(event);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = finger.current;
    if (event.pointerType === 'touch') {
      if (from === null || (!Number.isNaN(from) && Math.abs(event.clientX - from) < DRAGGED)) return;
      finger.current = Number.NaN;
      cutAt(event);
    } else if (event.currentTarget.hasPointerCapture(event.pointerId)) cutAt(event);
  };
  const up = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType === 'touch' && finger.current !== null) cutAt(event);
    finger.current = null;
  };
  const press = (event: KeyboardEvent) => {
    const to: number | undefined = {
      ArrowUp: kept + 1,
      ArrowRight: kept + 1,
      ArrowDown: kept - 1,
      ArrowLeft: kept - 1,
      PageUp: kept + 8,
      PageDown: kept - 8,
      Home: 1,
      End: rank,
    }[event.key];
    if (to === undefined) return false;
    onCut(module, Math.max(1, Math.min(rank, to)));
  };
  return (
    <div
      className="cut-panel"
      role="slider"
      aria-label={`${title}: directions kept`}
      aria-valuemin={1}
      aria-valuemax={rank}
      aria-valuenow={kept}
      aria-valuetext={`${kept} of ${rank}, error ${errorText(error)}`}
      style={{ width: size.width, height: size.height }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        finger.current = null;
      }}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
    >
      <svg ref={svg} className="chart" data-chart={cutSpectrum.name} aria-hidden="true" />
    </div>
  );
});
