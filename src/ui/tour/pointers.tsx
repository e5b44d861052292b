import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Box } from '../panels/panel-place.ts';

/** A line from a word to a thing, both given by selectors. */
export interface PointerLine {
  readonly from: string;
  readonly to: string;
  readonly className: string;
  /** End of the line: top of the thing, its right side, or above a thing that is a name. */
  readonly at: 'top' | 'side' | 'name';
  /** Framed instead if no line can be drawn; default: the thing itself. */
  readonly frame?: string;
}

/** A framed thing: a rectangle around a control, a dashed ring around a dot. */
export interface Frame {
  readonly at: string;
  readonly kind: 'box' | 'ring';
  readonly className: string;
  /** Close to the upper side, if other controls are right above. */
  readonly close?: boolean;
  /** Its number in the text; empty for a frame in the style of a lesson without one. */
  readonly tag?: string;
  /** Place of the tag: upper right corner, or right side if there are words above the thing. */
  readonly tagAt?: TagPlace;
}

type TagPlace = 'corner' | 'left' | 'right';

interface PlacedLine {
  readonly word: Box;
  readonly thing: Box;
  readonly className: string;
  readonly at: PointerLine['at'];
}

interface PlacedFrame {
  readonly rect: Box;
  readonly kind: Frame['kind'];
  readonly className: string;
  readonly above: number;
  readonly tag: string | undefined;
  readonly tagAt: TagPlace;
}

interface Places {
  /** The words wrap, and lines from the first line would cross the second. */
  readonly wrapped: boolean;
  readonly width: number;
  readonly height: number;
  readonly ties: readonly PlacedLine[];
  readonly frames: readonly PlacedFrame[];
}

/** Present boxes of all things on the page that are visible. `lines` false: frame the named things. */
function readPlaces(ties: readonly PointerLine[], frames: readonly Frame[], lines: boolean): Places {
  // #root, not the page, since the overlay is a part of the page.
  const { offsetWidth, offsetHeight } = document.getElementById('root') ?? document.body;
  const named = ties.filter(({ from }) => document.querySelector(from));
  const wrapped = !lines || named.some(({ from }) => isWrapped(from));
  const framed = named.map(({ to, frame = to, className }): Frame => ({ at: frame, kind: 'box', className }));
  return {
    wrapped,
    width: offsetWidth,
    height: offsetHeight,
    ties: (wrapped ? [] : named).flatMap(({ from, to, className, at }) => {
      const [word, thing] = [boxOf(from), boxOf(to)];
      return word && thing ? [{ word, thing, className, at }] : [];
    }),
    frames: [...frames, ...(wrapped ? framed : [])].flatMap(
      ({ at, kind, className, close = false, tag, tagAt = 'corner' }) => {
        const rect = boxOf(at);
        return rect ? [{ rect, kind, className, above: close ? 0 : 4, tag, tagAt }] : [];
      },
    ),
  };
}

function isWrapped(from: string): boolean {
  const word = document.querySelector(from);
  const lines = [...(word?.closest('p')?.getClientRects() ?? [])][0]?.height ?? 0;
  return lines > 1.8 * (word?.getBoundingClientRect().height ?? 0);
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

interface LinePath {
  readonly d: string;
  readonly end: readonly [x: number, y: number];
  readonly className: string;
}

/** From a word down, across at a separate height, and down to the thing, so that no lines cross. */
export function linePaths(ties: readonly PlacedLine[]): LinePath[] {
  if (ties.length === 0) return [];
  const bottom = Math.max(...ties.map(({ word }) => word.bottom));
  const roof = Math.min(...ties.map(({ thing }) => thing.top));
  const step = Math.max(3, Math.min(9, (roof - HEIGHT_OF_HEADING - bottom) / (ties.length + 1)));
  // Lines run to the right, so the rightmost goes highest.
  const order = [...ties].sort((a, b) => middle(b.word) - middle(a.word));
  return ties.map((tie) => {
    const { word, thing, className, at } = tie;
    const x = middle(word);
    const level = bottom + 3 + step * (1 + order.indexOf(tie));
    const start = `M${x} ${word.bottom + 1}V${level}`;
    if (at === 'side') {
      const y = Math.min(thing.top + 36, (thing.top + thing.bottom) / 2);
      return { d: `${start}H${thing.right + 8}V${y}H${thing.right}`, end: [thing.right, y], className };
    }
    const [end, down] = at === 'name' ? [middle(thing), thing.top - DOT] : [nearTo(thing, x), thing.top];
    return { d: `${start}H${end}V${down}`, end: [end, down], className };
  });
}

const DOT = 2.5;

const middle = ({ left, right }: Box) => (left + right) / 2;

/** Upper bound for the width of the heading over the left corner of a thing, in px. */
const HEADING = 118;
/** Lines run above the heading, in px including the descenders of the line of words. */
const HEIGHT_OF_HEADING = 14;

/** Below the word if the thing extends there, else in its right half, clear of the heading. */
function nearTo({ left, right }: Box, x: number): number {
  const clear = Math.min(left + HEADING, right - 8);
  return x > clear && x < right - 12 ? x : Math.max(clear, left + 0.62 * (right - left));
}

interface PointersProps {
  readonly ties?: readonly PointerLine[];
  /** False if there is no room for lines: then the named things are framed. */
  readonly lines?: boolean;
  readonly frames?: readonly Frame[];
}

const NONE: readonly never[] = [];
/** ms between two measurements: marked things move with the page's layout and with the run. */
const EVERY = 120;

/** Lines and frames over the page; they take no press and add nothing to the text, so screen readers skip them. */
export function Pointers({ ties = NONE, lines = true, frames = NONE }: PointersProps) {
  const [places, setPlaces] = useState<Places | null>(null);
  useEffect(() => {
    const update = () =>
      setPlaces((old) => {
        const now = readPlaces(ties, frames, lines);
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
  }, [ties, lines, frames]);
  if (!places) return null;
  return createPortal(
    <svg className="marks" aria-hidden="true" width={places.width} height={places.height}>
      {linePaths(places.ties).map(({ d, end: [x, y], className }) => (
        <g key={d} className={className}>
          <path d={d} />
          <circle cx={x} cy={y} r={DOT} />
        </g>
      ))}
      {places.frames.map(({ rect, rect: { left, top, right, bottom }, kind, className, above, tag, tagAt }, i) =>
        tag !== undefined ? (
          <Tagged key={i} rect={rect} className={className} tag={tag} at={tagAt} width={places.width} />
        ) : kind === 'ring' ? (
          <circle
            key={className}
            className={`ring ${className}`}
            cx={(left + right) / 2}
            cy={(top + bottom) / 2}
            r={(right - left) / 2 + 5}
          />
        ) : (
          <rect
            key={className}
            className={`frame ${className}`}
            x={left - 4}
            y={top - above}
            width={right - left + 8}
            height={bottom - top + above + 4}
          />
        ),
      )}
    </svg>,
    document.body,
  );
}

interface TaggedProps {
  readonly rect: Box;
  readonly className: string;
  readonly tag: string;
  readonly at: TagPlace;
  readonly width: number;
}

/** A frame with its number. Below words the frame is close to the thing, and the number at its side. */
function Tagged({ rect: { left, top, right, bottom }, className, tag, at, width }: TaggedProps) {
  const out = at === 'corner' ? 5 : 2;
  // The margin of a phone is narrower than the disc.
  const r = at === 'right' ? Math.min(TAG, Math.max(7, (width - right - out) / 2)) : TAG;
  const x = Math.min({ corner: right + out, right: right + out + r, left: left - out - r }[at], width - r);
  const y = at === 'corner' ? top - out : Math.min((top + bottom) / 2, top + TAG);
  return (
    <g className={className}>
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
