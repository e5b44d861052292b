import type { ReactNode } from 'react';
import { textWidth } from '../../charts/drawing/text-width.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { count } from '../../experiment/numbers.ts';
import { type CaptionFacts, type Captions, captionsFor, namesOf, type SquareName } from './captions.ts';
import { Divider, Key, Nothing, Signs } from './overlay.tsx';
import type { Scales } from './scales.ts';
import { CaptionText, Headings, symbolOf } from './text.tsx';

interface StripTextProps {
  readonly layout: StripLayout;
  readonly facts: CaptionFacts;
  /** Null before the matrices exist. */
  readonly scales: Pick<Scales, 'update'> | null;
  /** What stands below the matrices while a cell is pointed at, and at A and B while one of their entries is; null: their sizes and errors. */
  readonly below: Captions | null;
  readonly ofA: string | null;
  readonly ofB: string | null;
  /** Over all of it. */
  readonly children?: ReactNode;
}

/** Whether a text has room below a matrix; a little may hang over into the gap. */
export function roomBelow({ font, captions }: StripLayout): (text: string) => boolean {
  return (text) => textWidth(text, font, true) <= captions.DW.width + 2 * font;
}

/** Whether a symbol that begins at `x` ends in the strip, or in the margin beside it. */
const acrossFrom =
  ({ width, font, symbolFont }: StripLayout, x: number) =>
  (text: string) =>
    x + textWidth(text, symbolFont) <= width + font;

const sizeOf = (rows: number, columns: number) => `${count(rows)} × ${count(columns)}`;

/** All text and lines over the matrices. It needs no page around it, so a file can have it too. */
export function StripText({ layout, facts, scales, below, ofA, ofB, children }: StripTextProps) {
  const { W, W0, DW, target, E } = layout.captions;
  const places: (readonly [SquareName, typeof W])[] = [
    ['W', W],
    ['W0', W0],
    ['dW', DW],
    ['target', target],
    ['E', E],
  ];
  if (layout.pictured) places[3] = [facts.aside, target];
  const pictured = facts.portrait !== null;
  const short = DW.lines.length === 1;
  const fits = roomBelow(layout);
  const said = below ?? captionsFor(layout, facts);
  return (
    <svg className="over" width={layout.width} height={layout.height} fontSize={layout.font}>
      <title>The matrices and their sizes</title>
      <Headings
        layout={layout}
        facts={facts}
        ofA={ofA ?? sizeOf(facts.rank, facts.k)}
        sizes={below === null}
        ofB={ofB ?? (short && !pictured ? '' : sizeOf(facts.d, facts.rank))}
      />
      <Signs layout={layout} less={facts.shown === 'frozen'} />
      {scales && <Key layout={layout} scale={scales.update} of={namesOf(facts.shown).update} alone={pictured} />}
      {places.map(
        ([of, at]) =>
          at && (
            <CaptionText
              key={of}
              of={of}
              place={at}
              symbol={symbolOf(of, facts.shown, { below: fits, across: acrossFrom(layout, at.x) }, pictured)}
              caption={said[of]}
              reading={below !== null}
              right={short ? layout.width : layout.width + layout.font}
              font={layout.font}
            />
          ),
      )}
      {layout.divider && <Divider at={layout.divider} />}
      {facts.blank && below === null && <Nothing layout={layout} />}
      {children}
    </svg>
  );
}
