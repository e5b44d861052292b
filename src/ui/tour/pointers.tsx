import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Box } from '../panels/panel-place.ts';

/** A framed thing, given by a selector. */
export interface Frame {
  readonly at: string;
  /** Its number in the text; '' for a frame without one. */
  readonly tag: string;
  /** Place of the number: upper right corner, or a side if there are words above the thing. */
  readonly tagAt: 'corner' | 'left' | 'right';
}

interface PlacedFrame extends Pick<Frame, 'tag' | 'tagAt'> {
  readonly rect: Box;
}

interface Places {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly PlacedFrame[];
}

/** Present boxes of all things on the page that are visible. */
function readPlaces(frames: readonly Frame[]): Places {
  // #root, not the page, since the overlay is a part of the page.
  const { offsetWidth, offsetHeight } = document.getElementById('root') ?? document.body;
  return {
    width: offsetWidth,
    height: offsetHeight,
    frames: frames.flatMap(({ at, tag, tagAt }) => {
      const rect = boxOf(at);
      return rect ? [{ rect, tag, tagAt }] : [];
    }),
  };
}

function boxOf(selector: string): Box | null {
  const element = document.querySelector(selector);
  if (!element) return null;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  if (right === left || bottom === top) return null;
  const px = (value: number, scrolled: number) => Math.round(2 * (value + scrolled)) / 2;
  return { left: px(left, scrollX), right: px(right, scrollX), top: px(top, scrollY), bottom: px(bottom, scrollY) };
}

function samePlaces(a: Places, b: Places): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** ms between two measurements: marked things move with the page's layout and with the run. */
const EVERY = 120;

/** Frames over the page; they take no press and add nothing to the text, so screen readers skip them. */
export function Pointers({ frames }: { readonly frames: readonly Frame[] }) {
  const [places, setPlaces] = useState<Places | null>(null);
  useEffect(() => {
    const update = () =>
      setPlaces((old) => {
        const now = readPlaces(frames);
        return old && samePlaces(old, now) ? old : now;
      });
    update();
    const timer = setInterval(update, EVERY);
    window.addEventListener('resize', update);
    window.addEventListener('scroll', update, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      window.removeEventListener('resize', update);
      window.removeEventListener('scroll', update, { capture: true });
    };
  }, [frames]);
  if (!places) return null;
  return createPortal(
    <svg className="marks" aria-hidden="true" width={places.width} height={places.height}>
      {places.frames.map(({ rect, tag, tagAt }, i) => (
        <Tagged key={i} rect={rect} tag={tag} at={tagAt} width={places.width} />
      ))}
    </svg>,
    document.body,
  );
}

interface TaggedProps {
  readonly rect: Box;
  readonly tag: string;
  readonly at: Frame['tagAt'];
  readonly width: number;
}

/** A frame with its number. Below words the frame is close to the thing, and the number at its side. */
function Tagged({ rect: { left, top, right, bottom }, tag, at, width }: TaggedProps) {
  const out = at === 'corner' ? 5 : 2;
  // The margin of a phone is narrower than the disc.
  const r = at === 'right' ? Math.min(TAG, Math.max(7, (width - right - out) / 2)) : TAG;
  const x = Math.min({ corner: right + out, right: right + out + r, left: left - out - r }[at], width - r);
  const y = at === 'corner' ? top - out : Math.min((top + bottom) / 2, top + TAG);
  return (
    <g>
      <rect
        className="frame"
        x={left - out}
        y={top - out}
        width={right - left + 2 * out}
        height={bottom - top + 2 * out}
        rx={4}
      />
      {tag !== '' && (
        <>
          <circle cx={x} cy={y} r={r} />
          <text x={x} y={y}>
            {tag}
          </text>
        </>
      )}
    </g>
  );
}

const TAG = 9;
