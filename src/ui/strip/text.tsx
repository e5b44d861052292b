import type { ReactNode } from 'react';
import { textWidth } from '../../charts/drawing/text-width.ts';
import type { Caption as CaptionPlace, TextPlace } from '../../charts/matrices/strip-layout.ts';
import type { Caption, SquareName } from './captions.ts';

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
