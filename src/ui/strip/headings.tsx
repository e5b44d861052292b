import { textWidth } from '../../charts/drawing/text-width.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import type { CaptionFacts } from './captions.ts';
import { At } from './text.tsx';

interface HeadingProps {
  readonly layout: StripLayout;
  readonly facts: Pick<CaptionFacts, 'shown' | 'frozenFactor'>;
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
          Used by the layer
        </At>
      )}
      <At place={W0} look="head w0">
        {original ? 'Before the start' : 'Frozen'}
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
      <At place={target} look="head dwt">
        Wanted
      </At>
      <At place={E} look="head ink">
        Still missing
      </At>
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
