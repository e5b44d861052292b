import { type ComponentProps, type KeyboardEvent, memo, type ReactNode, useMemo } from 'react';
import { type StripSizes, type TrackName, widthOf } from '../../charts/matrices/strip-sizes.ts';
import { trim } from '../../experiment/numbers.ts';
import { arrowKeys } from '../../kit/arrows.ts';
import { Group } from '../../kit/button.tsx';
import { MatrixFigure } from '../../kit/grids/heatmap.tsx';
import type { MatrixCell } from '../../state/state.ts';
import { useTheme } from '../looks/theme.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { type CaptionFacts, type CaptionText, namesOf, type ShownSum, type SquareName, symbolOf } from './captions.ts';
import { matrixPixels, type StripMatrix } from './matrices.ts';
import { moveCell } from './read-out.ts';

export type MatrixPlace = ComponentProps<typeof MatrixFigure>['place'];

interface MatrixProps {
  readonly matrix: StripMatrix;
  readonly place: MatrixPlace;
  readonly label: string;
  readonly head: ReactNode;
  readonly caption: ReactNode;
  readonly children: ReactNode;
}

/** A matrix of the strip; repainted only if its entries, their scale or the theme change. */
export function Matrix({ matrix, label, ...words }: MatrixProps) {
  const { name, plane, scale, range, framed, across, down } = matrix;
  const theme = useTheme();
  const pixels = useMemo(
    () => plane && matrixPixels({ name, scale, range }, plane),
    [name, plane, scale, range, theme],
  );
  return (
    <MatrixFigure
      {...words}
      {...{ across, down, pixels }}
      className={framed ? 'plane framed' : 'plane'}
      data-matrix={name}
      role="img"
      aria-label={label}
    />
  );
}

const HUES: Readonly<Record<SquareName, string>> = { W: '', W0: 'w0', dW: 'dw', target: 'dwt', E: '' };

interface CaptionProps {
  readonly name: SquareName;
  readonly text: CaptionText;
  /** While a cell is pointed at, its value has the matrix's colour. */
  readonly reading: boolean;
  readonly facts: Pick<CaptionFacts, 'shown' | 'portrait' | 'method'>;
  readonly brief: boolean;
}

export function Caption({ name, text: { first, value, second }, reading, facts, brief }: CaptionProps) {
  return (
    <>
      <p className="sym">
        {symbolOf(name, facts.shown, brief, facts.portrait !== null, facts.method).map(
          ([text, className, Tag = 'span'], at) => (
            // By its place: a symbol such as s·B·A has a sign twice.
            <Tag key={`${at} ${text}`} className={className}>
              {text}
            </Tag>
          ),
        )}
      </p>
      <p className={reading ? 'read' : undefined}>
        {reading ? <b className={HUES[name]}>{first}</b> : first}
        {value && <b>{value}</b>}
      </p>
      {second && <p className={reading ? 'read' : undefined}>{second}</p>}
    </>
  );
}

interface OutlineProps {
  readonly matrix: StripMatrix;
  readonly shape: readonly [rows: number, columns: number];
  readonly cell: MatrixCell;
  readonly sizes: StripSizes;
}

const DOTS = 'calc(0.8 * var(--line-pin)) calc(2.4 * var(--line-pin))';

/** A cell of each matrix, its row of B and its column of A; in ΔW with lines from these two. */
export const Outline = memo(function Outline({ matrix, shape: [rows, columns], cell, sizes }: OutlineProps) {
  const { name, across, down } = matrix;
  const pad = sizes.font > 18 ? 2 : 1;
  const [width, height] = [across / columns, down / rows];
  const [x, y] = [name === 'B' ? 0 : cell.column * width, name === 'A' ? 0 : cell.row * height];
  const by = name === 'A' || name === 'B' ? pad : 1.5 * pad;
  const from = pad - widthOf(sizes, 'inner');
  return (
    <svg className="outline" viewBox={`0 0 ${across} ${down}`} preserveAspectRatio="none" aria-hidden="true">
      <rect
        vectorEffect="non-scaling-stroke"
        x={x - by}
        y={y - by}
        width={(name === 'B' ? across : width) + 2 * by}
        height={(name === 'A' ? down : height) + 2 * by}
      />
      {name === 'dW' && (
        <path
          vectorEffect="non-scaling-stroke"
          style={{ strokeDasharray: DOTS }}
          d={`M${from} ${y + height / 2}H${x - 2 * pad}M${x + width / 2} ${from}V${y - 2 * pad}`}
        />
      )}
    </svg>
  );
});

const LOCK = { marginLeft: '0.73em', verticalAlign: '-0.1em' };

export function Lock({ children }: { readonly children: ReactNode }) {
  return (
    <b className="w0">
      {children}
      <svg style={LOCK} width="1em" height="1.1em" viewBox="0 0 12 14" stroke="currentColor" aria-hidden="true">
        <rect x="1" y="6" width="10" height="7" fill="currentColor" strokeWidth="1.6" />
        <path d="M3 6V4a3 3 0 0 1 6 0v2" fill="none" strokeWidth="1.6" />
      </svg>
    </b>
  );
}

const ARROW = { margin: 'auto', stroke: 'var(--ink-2)', strokeWidth: 'var(--line-pin)' };
const HAIRLINE = 'var(--hair) solid var(--rule)';

interface SignProps {
  readonly name: TrackName;
  readonly less: boolean;
  /** ΔW* is another run's update, not a goal. */
  readonly against: boolean;
  readonly sizes: StripSizes;
}

/** Operator between two matrices, so that the strip reads as a formula. */
export function Sign({ name, less, against, sizes }: SignProps) {
  const { top, target, font } = sizes;
  const place = { gridColumn: name };
  switch (name) {
    case 'equals':
    case 'plus':
      return (
        <span className="sign op" style={place}>
          {name === 'plus' ? '+' : '='}
        </span>
      );
    case 'match': {
      if (against)
        return (
          <span className="sign" style={place}>
            against
          </span>
        );
      const [long, tip] = [0.56 * widthOf(sizes, name), 0.4 * font];
      const path = `M0 ${1.5 * tip}h${long - 1}m${-1.25 * tip} ${-tip}l${1.25 * tip} ${tip}l${-1.25 * tip} ${tip}`;
      return (
        <span className="sign" style={place}>
          {(less ? ['less s₀·', 'B₀·A₀', 'should'] : ['should']).map((word) => (
            <span key={word}>{word}</span>
          ))}
          <svg style={ARROW} width={long} height={3 * tip} fill="none" aria-hidden="true">
            <path d={path} />
          </svg>
          <span>match</span>
        </span>
      );
    }
    case 'left':
      return (
        <span className="sign" style={{ ...place, paddingBottom: 0.66 * font }}>
          <span>error</span>
          <span>left</span>
        </span>
      );
    case 'line':
      return (
        <span
          className="divider"
          style={{
            gridArea: '1 / line / span 2',
            margin: `${top - target.down - 1.5 * font}px auto 0`,
            borderLeft: HAIRLINE,
          }}
        />
      );
    default:
      return null;
  }
}

interface KeyProps {
  readonly scale: number;
  readonly shown: ShownSum;
  readonly pictured: boolean;
}

/** Colour key at top right. With a picture the ends have one digit more, and E is not next to ΔW and ΔW*. */
export function ColourKey({ scale, shown, pictured }: KeyProps) {
  const end = trim(scale, pictured ? 3 : 2);
  const { update } = namesOf(shown);
  return (
    <p className="scale-key">
      <span style={{ marginRight: '0.3em' }}>
        {!pictured && <span className="wide">same colour scale for </span>}
        {pictured ? `${update}, ΔW*:` : `${update}, ΔW*, E`}
      </span>
      <span>−{end}</span>
      <span className="ramp" />
      <span style={{ minWidth: '2.3em', textAlign: 'right' }}>+{end}</span>
    </p>
  );
}

/** Focusable frame of ΔW: arrow keys move the cell that is read. */
export function CellWalker({ facts }: { readonly facts: CaptionFacts }) {
  const cell = useLab((s) => s.cell);
  const dispatch = useDispatch();
  const press = (event: KeyboardEvent) => {
    const next = moveCell(facts, cell, event.key, facts.blocks);
    if (next === undefined) return false;
    dispatch({ type: 'cell', cell: next });
  };
  return (
    <Group
      className="walker"
      aria-label="Cells of ΔW: arrow keys read them"
      tabIndex={0}
      onKeyDown={arrowKeys(press)}
      onBlur={() => dispatch({ type: 'cell', cell: null })}
    />
  );
}
