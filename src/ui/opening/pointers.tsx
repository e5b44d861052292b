import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { type Frame, type Places, readPlaces, samePlaces, type Tie, tiePaths } from './places.ts';

interface Props {
  /** Lines from words of a caption to what they name. */
  readonly ties?: readonly Tie[];
  /** What is framed on the page. */
  readonly frames?: readonly Frame[];
}

const NONE: readonly never[] = [];
/** What is marked moves with the page's layout and with the run: looked after so often, in ms. */
const EVERY = 120;

/** Lines and frames over the page; they take no press, and say nothing that the words beside them do not. */
export function Pointers({ ties = NONE, frames = NONE }: Props) {
  const [places, setPlaces] = useState<Places | null>(null);
  useEffect(() => {
    const look = () =>
      setPlaces((old) => {
        const now = readPlaces(ties, frames);
        return old && samePlaces(old, now) ? old : now;
      });
    look();
    const timer = setInterval(look, EVERY);
    window.addEventListener('resize', look);
    window.addEventListener('scroll', look, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      window.removeEventListener('resize', look);
      window.removeEventListener('scroll', look, { capture: true });
    };
  }, [ties, frames]);
  if (!places) return null;
  return createPortal(
    <svg className="marks" aria-hidden="true" width={places.width} height={places.height}>
      {tiePaths(places.ties).map(({ d, end: [x, y], look }) => (
        <g key={d} className={look}>
          <path d={d} />
          <circle cx={x} cy={y} r={2.5} />
        </g>
      ))}
      {places.frames.map(({ rect: { left, top, right, bottom }, kind, look }) =>
        kind === 'ring' ? (
          <circle
            key={look}
            className={`ring ${look}`}
            cx={(left + right) / 2}
            cy={(top + bottom) / 2}
            r={(right - left) / 2 + 5}
          />
        ) : (
          <rect
            key={look}
            className={`frame ${look}`}
            x={left - 6}
            y={top - 6}
            width={right - left + 12}
            height={bottom - top + 12}
          />
        ),
      )}
    </svg>,
    document.body,
  );
}
