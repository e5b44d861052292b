import type { Filling } from '../../experiment/initialisation.ts';

/** Fixed strengths that look like noise, 0 … 1. */
const NOISE = [
  0.9, 0.2, 0.5, 0.1, 0.7, 0.35, 1, 0.15, 0.6, 0.3, 0.8, 0.05, 0.45, 0.95, 0.25, 0.65, 0.1, 0.75, 0.4, 0.85, 0.2, 0.55,
];

interface FactorProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly filling: Filling;
  readonly hue: 'a' | 'b';
}

const CELL = 4;

function Factor({ x, y, width, height, filling, hue }: FactorProps) {
  const [across, down] = [width / CELL, height / CELL];
  const cells = Array.from({ length: across * down }, (_, i) => ({ column: i % across, row: Math.floor(i / across) }));
  return (
    <g className={hue}>
      {filling === 'noise' &&
        cells.map(({ column, row }, i) => (
          <rect
            key={`${column},${row}`}
            x={x + CELL * column}
            y={y + CELL * row}
            width={CELL}
            height={CELL}
            fill="currentColor"
            opacity={NOISE[(7 * i) % NOISE.length]}
          />
        ))}
      {filling === 'ordered' && <Stripes x={x} y={y} width={width} height={height} />}
      {filling === 'zero' && (
        <text x={x + width / 2} y={y + height / 2} dy="0.36em" textAnchor="middle" fontSize="9" fill="currentColor">
          0
        </text>
      )}
      <rect x={x} y={y} width={width} height={height} fill="none" stroke="currentColor" strokeWidth="1" />
    </g>
  );
}

/** Directions in order: stripes along the long side, the first the strongest. */
function Stripes({ x, y, width, height }: Pick<FactorProps, 'x' | 'y' | 'width' | 'height'>) {
  const flat = width > height;
  return [0.95, 0.45].map((opacity, i) => (
    <rect
      key={opacity}
      x={flat ? x : x + (i * width) / 2}
      y={flat ? y + (i * height) / 2 : y}
      width={flat ? width : width / 2}
      height={flat ? height / 2 : height}
      fill="currentColor"
      opacity={opacity}
    />
  ));
}

/** The strip's corner in miniature: A above and B left of an empty ΔW, filled as they start. */
export function Corner({ filling }: { readonly filling: { readonly A: Filling; readonly B: Filling } }) {
  return (
    <svg className="corner" viewBox="0 0 47 42" aria-hidden="true">
      <Factor x={13} y={1} width={32} height={8} filling={filling.A} hue="a" />
      <Factor x={1} y={12} width={8} height={28} filling={filling.B} hue="b" />
      <rect x={13} y={12.5} width={32} height={27.5} className="empty" />
    </svg>
  );
}
