import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from '../../charts/chart.ts';
import { useTheme } from '../dress.tsx';
import { useWidth } from '../media.tsx';

/** The room that a picture has, kept up to date; null before it is measured and while it is hidden. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [box, setBox] = useState<{ readonly width: number; readonly height: number; readonly font: number } | null>(
    null,
  );
  const short = useWidth() !== 'desk';
  const large = useTheme() === 'projector';
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
    return () => observer.disconnect();
    // `large`: a projector's text is larger, which the observer does not see.
  }, [element, large]);
  return box && { ...box, short: short && !large };
}
