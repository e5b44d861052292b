import type { KeyboardEvent, PointerEvent, RefObject } from 'react';
import type { Size } from '../../../charts/chart.ts';
import { arrowKeys } from '../../../kit/arrows.ts';
import { Group } from '../../../kit/choice.tsx';

interface ReadRoomProps {
  readonly room: RefObject<HTMLDivElement | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  /** Null until it is measured. */
  readonly size: Size | null;
  /** What the chart is called: for its picture, and in words. */
  readonly chart: string;
  readonly name: string;
  /** What it shows now, for screen readers; `id` is that of the words. */
  readonly words: string;
  readonly id: string;
  /** The value under x px. */
  readonly locate: (size: Size, x: number) => number | null;
  readonly onPoint: (value: number | null) => void;
  /** Where a key leads from what is pointed at; undefined: nowhere. */
  readonly walked: (event: KeyboardEvent) => number | null | undefined;
}

/** The room of a chart whose values pointer and arrow keys read. */
export function ReadRoom({ room, svg, size, chart, name, words, id, locate, onPoint, walked }: ReadRoomProps) {
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (size) onPoint(locate(size, event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  const press = (event: KeyboardEvent) => {
    const value = walked(event);
    if (value === undefined) return false;
    onPoint(value);
  };
  return (
    <Group
      ref={room}
      className="plot"
      aria-label={`${name}: arrow keys read its values`}
      aria-describedby={id}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={(event) => event.pointerType !== 'touch' && onPoint(null)}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onBlur={() => onPoint(null)}
    >
      <svg ref={svg} className="chart" data-chart={chart} aria-hidden="true" />
      <p id={id} className="unseen">
        {words}
      </p>
    </Group>
  );
}
