import { createContext, type RefObject, use, useLayoutEffect, useRef, useState } from 'react';
import { useWidth } from '../media.tsx';
import type { Drawing, Size } from './chart.ts';

export const LargeType = createContext(false);

export interface PlotFrame {
  readonly container: RefObject<HTMLDivElement | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly size: Size | null;
}

/** Draws a scene into an svg of the container's size, again after any change; null: no scene yet. */
export function usePlot<S>(draw: Drawing<S>['draw'], scene: S | null): PlotFrame {
  const container = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const size = useSize(container);
  const { width = 0, height = 0, font = 0, short = false } = size ?? {};
  useLayoutEffect(() => {
    if (svg.current && scene !== null && width > 0) draw(svg.current, scene, { width, height, font, short });
  }, [draw, scene, width, height, font, short]);
  return { container, svg, size };
}

/** The size of an element, kept up to date; null before it is measured and while it is hidden. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [box, setBox] = useState<Omit<Size, 'short'> | null>(null);
  const large = use(LargeType);
  const narrow = useWidth() !== 'desk';
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = measured;
      const font = Number.parseFloat(getComputedStyle(measured).fontSize);
      const box = width > 0 && height > 0 ? { width, height, font } : null;
      setBox((old) => (old && box && old.width === width && old.height === height && old.font === font ? old : box));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    // In a larger window the text may grow while the element does not; so does a projector's (`large`).
    addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      removeEventListener('resize', measure);
    };
  }, [element, large]);
  return box && { ...box, short: narrow && !large };
}
