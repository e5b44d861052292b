import type { ReactNode } from 'react';
import { textWidth } from '../../charts/drawing/text-width.ts';
import type { StripCaption as CaptionPlace, StripLayout, TextPlace } from '../../charts/matrices/strip-layout.ts';
import type { Caption, CaptionFacts, Shown, SquareName } from './captions.ts';

/** Text of the strip at its baseline. */
export function At({
  place: { x, y, anchor },
  look,
  children,
}: {
  readonly place: TextPlace;
  readonly look?: string;
  readonly children: ReactNode;
}) {
  return (
    <text x={x} y={y} textAnchor={anchor} className={look}>
      {children}
    </text>
  );
}

const HUES: Readonly<Record<SquareName, string>> = { W: 'ink', W0: 'w0', dW: 'dw', target: 'dwt', E: 'ink' };

/** Symbol and two lines below a matrix; while a cell is pointed at, its value in the matrix's hue. */
export function CaptionText({
  of,
  place,
  symbol: name,
  caption,
  reading,
  right,
  font,
}: {
  readonly of: SquareName;
  readonly place: CaptionPlace;
  readonly symbol: ReactNode;
  readonly caption: Caption;
  readonly reading: boolean;
  /** No line goes beyond it: one that is too long begins further left. */
  readonly right: number;
  readonly font: number;
}) {
  const { x, symbol, lines } = place;
  const { first, value = '', second } = caption;
  const from = (text: string) => Math.max(0, Math.min(x, right - textWidth(text, font, reading)));
  return (
    <>
      <text x={x} y={symbol} className="sym">
        {name}
      </text>
      <text x={from(first + value)} y={lines[0]} className={reading ? `value ${HUES[of]}` : undefined}>
        {first}
        {value && <tspan className="value ink">{value}</tspan>}
      </text>
      {lines.length > 1 && (
        <text x={from(second)} y={lines[1]}>
          {second}
        </text>
      )}
    </>
  );
}

interface HeadingProps {
  readonly layout: StripLayout;
  readonly facts: Pick<CaptionFacts, 'shown' | 'frozenFactor' | 'portrait'>;
  /** Size of A and of B, or a value while one of their entries is pointed at. */
  readonly ofA: string;
  readonly ofB: string;
  /** They are sizes, which the captions have too. */
  readonly sizes: boolean;
}

/** What each matrix is to the layer, above it. */
export function Headings({ layout, facts, ofA, ofB, sizes }: HeadingProps) {
  const { W, W0, A, B, trained, target, E } = layout.headings;
  const { font } = layout;
  const original = facts.shown === 'update';
  const all = trainedEnd(layout, ofA) <= layout.width + font;
  const saidOfA = all || !sizes ? ofA : '';
  const lockOfB = facts.frozenFactor === 'B' ? font * 1.2 : 0;
  return (
    <>
      {W && (
        <At place={W} look="head ink">
          What the layer uses
        </At>
      )}
      <At place={W0} look="head w0">
        {original ? 'Original' : 'Frozen'}
      </At>
      {!original && <Lock x={W0.x + font * 3.75} y={W0.y - font} size={font} />}
      <At place={A}>
        <tspan className="sym a">A</tspan>
        <tspan dx={font * 0.5}>{saidOfA}</tspan>
      </At>
      <At place={{ ...B, x: B.x - lockOfB }}>
        <tspan className="sym b">B</tspan>
        {ofB && <tspan dx={font * 0.4}>{ofB}</tspan>}
        {lockOfB > 0 && (
          <tspan className="head w0" dx={font * 0.4}>
            frozen
          </tspan>
        )}
      </At>
      {lockOfB > 0 && <Lock x={B.x - lockOfB + font * 0.2} y={B.y - font} size={font} />}
      {(all || sizes) && (
        <At place={{ ...trained, x: trainedEnd(layout, saidOfA) }} look="head ink">
          Trained
        </At>
      )}
      {!facts.portrait && (
        <At place={target} look="head dwt">
          Target
        </At>
      )}
      {E && (
        <At place={E} look="head ink">
          Remaining error
        </At>
      )}
    </>
  );
}

/** "Trained" ends where A does; where A is narrow it keeps clear of A's own name. */
function trainedEnd({ matrices: { A }, symbolFont, font }: StripLayout, ofA: string): number {
  const name = textWidth('A', symbolFont) + textWidth(ofA, font) + 2 * font;
  return Math.max(A.x + A.width, A.x + name + textWidth('Trained', font, true));
}

function Lock({ x, y, size }: { readonly x: number; readonly y: number; readonly size: number }) {
  return (
    <g className="lock" transform={`translate(${x},${y}) scale(${size / 13})`}>
      <rect x="1" y="6" width="10" height="7" />
      <path d="M3 6V4a3 3 0 0 1 6 0v2" />
    </g>
  );
}

const PRODUCT = (
  <>
    s<tspan className="soft">·</tspan>
    <tspan className="b">B</tspan>
    <tspan className="soft">·</tspan>
    <tspan className="a">A</tspan>
  </>
);
const UPDATE = (
  <>
    <tspan className="dw">ΔW</tspan>
    <tspan className="soft"> = </tspan>
    {PRODUCT}
  </>
);
const SUM = (
  <>
    W<tspan className="soft"> = </tspan>
    <tspan className="w0">W₀</tspan>
    <tspan className="soft"> + </tspan>
    <tspan className="dw">ΔW</tspan>
  </>
);
const FROZEN = (
  <tspan className="w0">
    W
    <tspan dy="0.15em" fontSize="0.65em">
      frozen
    </tspan>
  </tspan>
);

interface SymbolFits {
  /** Whether a text has room below its matrix, and whether as a symbol it ends in the strip. */
  readonly below: (text: string) => boolean;
  readonly across: (text: string) => boolean;
}

/** What stands below a matrix. `sum`: W says what it is the sum of. */
export function symbolOf(of: SquareName, shown: Shown, fits: SymbolFits, sum = false): ReactNode {
  switch (of) {
    case 'W':
      return sum && shown !== 'frozen' ? SUM : 'W';
    case 'W0':
      if (shown !== 'frozen') return <tspan className="w0">W₀</tspan>;
      return (
        <>
          {FROZEN}
          {fits.below('W₀ − s₀·B₀·A₀ W frozen =') && <tspan dy="-0.0975em"> = W₀ − s₀·B₀·A₀</tspan>}
        </>
      );
    case 'dW':
      if (shown === 'frozen') return PRODUCT;
      if (shown === 'update' && !fits.across('ΔW = s·B·A − s₀·B₀·A₀')) return <tspan className="dw">ΔW</tspan>;
      return (
        <>
          {UPDATE}
          {shown === 'update' && ' − s₀·B₀·A₀'}
        </>
      );
    case 'target':
      return <tspan className="dwt">ΔW*</tspan>;
    case 'E':
      return fits.across('E = ΔW − ΔW*') ? 'E = ΔW − ΔW*' : 'E';
  }
}
