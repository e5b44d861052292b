import type { ReactNode } from 'react';
import { type Marks, type Piece, pieces } from './formula/parse.ts';
import { hueOf } from './symbols.tsx';

/** A formula of the catalogue, set as mathematics, its matrices in their hues. */
export function Formula({ children }: { readonly children: string }) {
  return (
    <math>
      <mrow>{pieces(children).map(written)}</mrow>
    </math>
  );
}

function written(piece: Piece, i: number): ReactNode {
  if (piece.kind === 'root') return <msqrt key={i}>{piece.inside.map(written)}</msqrt>;
  return <Marked key={i} base={base(piece)} marks={piece.marks} hue={hueOf(hueName(piece))} />;
}

const hueName = ({ text, marks }: Exclude<Piece, { kind: 'root' }>) =>
  text === 'W' && marks.sub === '0' ? 'W₀' : text;

function base({ kind, text }: Exclude<Piece, { kind: 'root' }>): ReactNode {
  switch (kind) {
    case 'symbol':
      return text === '∂' ? <mo>∂</mo> : <mi>{text}</mi>;
    case 'name':
      return <mi mathvariant="normal">{text}</mi>;
    case 'number':
      return <mn>{text}</mn>;
    case 'operator':
      return <mo stretchy="false">{text}</mo>;
    case 'words':
      return <mtext>&nbsp;{text}&nbsp;</mtext>;
    default:
      return kind satisfies never;
  }
}

interface MarkedProps {
  readonly base: ReactNode;
  readonly marks: Marks;
  readonly hue: string | undefined;
}

function Marked({ base: it, marks: { sub, sup }, hue }: MarkedProps) {
  const low = <mi mathvariant={sub === 'F' ? 'normal' : undefined}>{sub}</mi>;
  const high = <mi mathvariant="normal">{sup}</mi>;
  if (sub && sup)
    return (
      <msubsup className={hue}>
        {it}
        {low}
        {high}
      </msubsup>
    );
  if (sub)
    return (
      <msub className={hue}>
        {it}
        {low}
      </msub>
    );
  if (sup)
    return (
      <msup className={hue}>
        {it}
        {high}
      </msup>
    );
  return <mrow className={hue}>{it}</mrow>;
}
