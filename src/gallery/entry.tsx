import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Size } from '../kit/chart/chart.ts';

/** The appearance of the page: its tokens (`data-theme`), its sizes (`data-view`) and the width of its window in px. */
export const APPEARANCES = {
  light: { theme: 'light', view: 'lab', width: 1200 },
  dark: { theme: 'dark', view: 'lab', width: 1200 },
  phone: { theme: 'light', view: 'lab', width: 390 },
  projector: { theme: 'projector', view: 'present', width: 1600 },
} as const;

export type Appearance = keyof typeof APPEARANCES;

export interface GalleryEntry {
  readonly group: 'kit' | 'charts' | 'sweep' | 'adapters' | 'class' | 'clinic' | 'lessons' | 'network';
  readonly name: string;
  readonly states: (appearance: Appearance) => Readonly<Record<string, ReactNode>>;
}

/** A chart's size in an appearance, given that on a desk. */
function sizeIn(appearance: Appearance, [width, height]: readonly [number, number]): Size {
  if (appearance === 'phone') return { width: Math.min(width, 358), height, font: 13, short: true };
  if (appearance === 'projector') return { width: width * 1.6, height: height * 1.8, font: 22, short: false };
  return { width, height, font: 13, short: false };
}

interface ChartPlace extends Pick<GalleryEntry, 'group' | 'name'> {
  readonly inside?: string;
}

/** An entry of a chart: `draw` gets each scene. */
export function chartEntry<S>(
  { group, name, inside }: ChartPlace,
  draw: (svg: SVGSVGElement, scene: S, size: Size) => void,
  desk: readonly [number, number],
  scenes: Readonly<Record<string, S>>,
): GalleryEntry {
  const pictureOf = (scene: S, appearance: Appearance) => {
    const picture = <Drawn draw={(svg) => draw(svg, scene, sizeIn(appearance, desk))} />;
    return inside ? (
      <div className="lab">
        <div className={inside}>{picture}</div>
      </div>
    ) : (
      picture
    );
  };
  return {
    ...{ group, name },
    states: (appearance) =>
      Object.fromEntries(Object.entries(scenes).map(([state, scene]) => [state, pictureOf(scene, appearance)])),
  };
}

function Drawn({ draw }: { readonly draw: (svg: SVGSVGElement) => void }) {
  const ref = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    if (ref.current) draw(ref.current);
  }, [draw]);
  return <svg className="chart" ref={ref} aria-hidden="true" />;
}

export function FilePicture({ svg }: { readonly svg: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ref.current) ref.current.innerHTML = svg.replace(/<\?xml.*?\?>\s*/g, '');
  }, [svg]);
  return <div ref={ref} />;
}

export function StatefulExample<T>({
  start,
  children,
}: {
  readonly start: T;
  readonly children: (value: T, set: (value: T) => void) => ReactNode;
}) {
  const [value, setValue] = useState(start);
  return children(value, setValue);
}
