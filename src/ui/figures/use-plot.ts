import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Size } from '../../charts/chart.ts';
import { useSize } from './chart-picture.tsx';

interface Plotted {
  /** The element whose size the picture takes, and the svg in it. */
  readonly room: RefObject<HTMLDivElement | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  /** Null until it is measured. */
  readonly size: Size | null;
}

/** Draws a scene into an svg as large as the room around it, again when any of them is another; null: there is none yet. */
export function usePlot<S>(draw: (svg: SVGSVGElement, scene: S, size: Size) => void, scene: S | null): Plotted {
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const size = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = size ?? {};
  useLayoutEffect(() => {
    if (svg.current && scene !== null && width > 0) draw(svg.current, scene, { width, height, font, short });
  }, [draw, scene, width, height, font, short]);
  return { room, svg, size };
}
