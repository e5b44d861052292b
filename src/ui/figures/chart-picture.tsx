import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type RefObject,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Chart, Hover, Scene, Size } from '../../charts/chart.ts';
import { arrowKeys, valueAfter } from '../../kit/arrows.ts';
import { Group } from '../../kit/choice.tsx';
import { useWidth } from '../../kit/media.tsx';
import { presents } from '../looks/theme.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { runUnder } from './run-under.ts';

/** The picture of a chart, drawn by the chart itself; pointer and arrow keys move the cursor of its column. */
export const ChartPicture = memo(function ChartPicture({
  chart,
  scene,
}: {
  readonly chart: Chart;
  readonly scene: Scene;
}) {
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const description = useId();
  const compares = scene.others.some(({ pin }) => pin);
  const dispatch = useDispatch();
  const measured = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = measured ?? {};
  const size = useMemo(() => ({ width, height, font, short }), [width, height, font, short]);

  useLayoutEffect(() => {
    if (svg.current && size.width > 0) chart.draw(svg.current, scene, size);
  }, [chart, scene, size]);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    dispatch({ type: 'hover', hover: chart.locate(scene, size, x) });
    if (compares) dispatch({ type: 'compare', does: 'point', at: runUnder(svg.current, event.target, x, y) });
  };
  const leave = () => {
    dispatch({ type: 'hover', hover: null });
    if (compares) dispatch({ type: 'compare', does: 'point', at: null });
  };
  // A finger that is lifted leaves too: what it read stays until another place is touched.
  const left = (event: PointerEvent) => event.pointerType !== 'touch' && leave();
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const hover = walk(scene, chart.axis, event.key, event.shiftKey);
    if (hover === undefined) return false;
    dispatch({ type: 'hover', hover });
  };
  return (
    <Group
      ref={room}
      className="plot"
      aria-label={`${chart.title}: arrow keys read its values`}
      aria-describedby={description}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={left}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onBlur={leave}
    >
      <svg ref={svg} className="chart" data-chart={chart.name} aria-hidden="true" />
      <p id={description} className="unseen">
        {chart.describe(scene)}
      </p>
    </Group>
  );
});

/**
 * Where a key moves the cursor of an axis: ← → by one (shift: by ten), Home and End to its ends, Escape away. Undefined
 * for every other key.
 */
export function walk(scene: Scene, axis: Hover['axis'], key: string, far: boolean): Hover | null | undefined {
  const [low, high] = axis === 'rank' ? [1, Math.min(scene.d, scene.k)] : [0, Math.max(0, scene.curves.length - 1)];
  const { hover } = scene;
  const at = hover === null ? null : hover.axis === 'rank' ? hover.index : hover.step;
  const start = axis === 'rank' ? scene.rank : scene.step;
  const after = valueAfter(key, at, { first: low, last: high, start, by: far ? 10 : 1 });
  if (typeof after !== 'number') return after;
  return axis === 'rank' ? { axis, index: after } : { axis, step: after };
}

/** The room that a picture has, kept up to date; null before it is measured and while it is hidden. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [box, setBox] = useState<{ readonly width: number; readonly height: number; readonly font: number } | null>(
    null,
  );
  const short = useWidth() !== 'desk';
  const large = useShown(presents);
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
