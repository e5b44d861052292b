import type { KeyboardEvent } from 'react';
import type { Rect } from '../../charts/drawing/marks.ts';
import { textWidth } from '../../charts/drawing/text-width.ts';
import { cellOutline } from '../../charts/matrices/cell-outline.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { trimmed } from '../../experiment/numbers.ts';
import { arrowKeys } from '../../kit/arrows.ts';
import { Group } from '../../kit/choice.tsx';
import type { MatrixCell } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';
import type { CaptionFacts } from './captions.ts';
import { move } from './hit.ts';
import { At } from './text.tsx';

const Frame = ({ rect: { x, y, width, height } }: { readonly rect: Rect }) => (
  <rect x={x} y={y} width={width} height={height} />
);

interface OutlineProps {
  readonly layout: StripLayout;
  readonly shape: Pick<CaptionFacts, 'd' | 'k'>;
  readonly cell: MatrixCell;
  /** In the other matrices too. */
  readonly everywhere: boolean;
}

/** One cell of ΔW, its row of B and its column of A; where it is pointed at, the same cell in every matrix. */
export function Outline({ layout, shape, cell, everywhere }: OutlineProps) {
  const outline = cellOutline(layout, shape, cell.row, cell.column, layout.font > 18 ? 2 : 1);
  return (
    <g className="outline">
      <Frame rect={outline.cell} />
      <Frame rect={outline.rowOfB} />
      <Frame rect={outline.columnOfA} />
      <path d={outline.lines} />
      {everywhere && outline.same.map((rect) => <Frame key={rect.x} rect={rect} />)}
    </g>
  );
}

/** Sets ΔW* apart from what the layer has. */
export function Divider({ at: { x, from, to } }: { readonly at: NonNullable<StripLayout['divider']> }) {
  return <path className="divider" d={`M${x} ${from}V${to}`} />;
}

/** In a ΔW that is zero everywhere: an empty square looks like a picture that did not load. */
export function Nothing({ layout }: { readonly layout: StripLayout }) {
  const { font } = layout;
  const { x, y, width, height } = layout.matrices.DW;
  return nothingLines(layout)?.map((line, i, { length }) => (
    <At
      key={line}
      place={{
        x: x + width / 2,
        y: y + height / 2 + (0.35 + (i - (length - 1) / 2) * 1.3) * font * LARGER,
        anchor: 'middle',
      }}
      look="nothing"
    >
      {line}
    </At>
  ));
}

/** Its lines; null where there is no room for them. */
function nothingLines({ matrices, font }: NothingLayout): readonly string[] | null {
  const { width, height } = matrices.DW;
  const lines = [['nothing learned yet'], ['nothing', 'learned yet']].find((words) =>
    words.every((line) => textWidth(line, font * LARGER) <= width - font),
  );
  return height < 3 * font ? null : (lines ?? null);
}

type NothingLayout = Pick<StripLayout, 'font'> & { readonly matrices: Pick<StripLayout['matrices'], 'DW'> };

/** Whether those words would stand on the dotted line that ends in a row of ΔW, of d. */
export function nothingCovers(layout: NothingLayout, row: number, d: number): boolean {
  const lines = nothingLines(layout);
  const off = Math.abs((row + 0.5) / d - 0.5) * layout.matrices.DW.height;
  return lines !== null && off < (0.65 * lines.length + 0.35) * layout.font * LARGER;
}

/** Its text against the rest of the strip; as in strip.css. */
const LARGER = 1.1;

/** The colour key at top right: the ramp itself is drawn by CSS. */
export function Ramp({ layout, scale }: KeyProps) {
  const { key } = layout;
  if (!key) return null;
  const { x, y, width, height } = key.bar;
  return <div className="ramp" style={{ left: x - keyShift(layout, scale), top: y, width, height }} />;
}

/** What the ramp stands for. `alone`: E is not beside ΔW and ΔW*. */
export function Key({ layout, scale, of, alone }: KeyProps & { readonly of: string; readonly alone: boolean }) {
  const { key } = layout;
  if (!key) return null;
  const { before, after } = key;
  const x = before.x - keyShift(layout, scale);
  const least = `−${endOf(layout, scale)}`;
  const matrices = alone ? `${of}, ΔW*:` : `${of}, ΔW*, E`;
  const words = alone ? matrices : `same colour scale for ${matrices}`;
  // "Trained" stands at the same height where A is short.
  const room = x - (layout.headings.A.x + WITH_TRAINED * layout.font);
  return (
    <>
      <At place={{ ...before, x }} look="said">
        {textWidth(`${words} ${least}`, layout.font) <= room ? words : matrices}
        <tspan dx={layout.font * 0.7}>{least}</tspan>
      </At>
      <At place={after} look="said">
        +{endOf(layout, scale)}
      </At>
    </>
  );
}

/** "A", its size and "Trained", in sizes of the text. */
const WITH_TRAINED = 11;

/** The end of the scale: of a picture with one digit more. */
const endOf = ({ pictured }: Pick<StripLayout, 'pictured'>, scale: number) => trimmed(scale, pictured ? 3 : 2);

interface KeyProps {
  readonly layout: StripLayout;
  readonly scale: number;
}

/** How far the ramp gives way to a long number at its right. */
export function keyShift({ font, key, width, pictured }: StripLayout, scale: number): number {
  if (!key) return 0;
  const room = Math.min(width, key.after.x) - key.bar.x - key.bar.width;
  return Math.max(0, textWidth(`+${endOf({ pictured }, scale)}`, font) + font * 0.5 - room);
}

/** =, +, "should → match", "error left": the strip read as a sentence. `less`: it is s·B·A that is shown, not ΔW. */
export function Signs({ layout, less }: { readonly layout: StripLayout; readonly less: boolean }) {
  const { equals, plus, arrow, should, become, leaves } = layout.signs;
  const tip = layout.font * 0.4;
  return (
    <>
      {equals && (
        <At place={equals} look="op">
          =
        </At>
      )}
      <At place={plus} look="op">
        +
      </At>
      {arrow && (
        <path
          className="arrow"
          d={`M${arrow.from} ${arrow.y}H${arrow.to}m${-1.25 * tip} ${-tip}l${1.25 * tip} ${tip}l${-1.25 * tip} ${tip}`}
        />
      )}
      {should &&
        // s·B·A alone is not ΔW.
        (less ? ['less s₀·', 'B₀·A₀', 'should'] : ['should']).map((word, i, all) => (
          <At key={word} place={{ ...should, y: should.y - (all.length - 1 - i) * layout.font * 1.25 }} look="said">
            {word}
          </At>
        ))}
      {become && (
        <At place={become} look="said">
          match
        </At>
      )}
      {leaves &&
        ['error', 'left'].map((word, i) => (
          <At key={word} place={{ ...leaves, y: leaves.y + (i - 0.5) * layout.font * 1.25 }} look="said">
            {word}
          </At>
        ))}
    </>
  );
}

/** The frame of ΔW that takes the keyboard: arrow keys move the cell that is read. */
export function Walker({ rect, facts }: { readonly rect: Rect; readonly facts: CaptionFacts }) {
  const cell = useShown((s) => s.cell);
  const dispatch = useDispatch();
  const press = (event: KeyboardEvent) => {
    const next = move(facts, cell, event.key, facts.blocks);
    if (next === undefined) return false;
    dispatch({ type: 'cell', cell: next });
  };
  const { x, y, width, height } = rect;
  return (
    <Group
      className="walker"
      aria-label="Cells of ΔW: arrow keys read them"
      style={{ left: x, top: y, width, height }}
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onBlur={() => dispatch({ type: 'cell', cell: null })}
    />
  );
}
