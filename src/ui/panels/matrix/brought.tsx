import { useEffect, useRef } from 'react';
import type { OwnMatrix } from '../../../experiment/matrix-file/own.ts';
import { number } from '../../../experiment/numbers.ts';
import { param } from '../../../experiment/settings/experiment.ts';
import { useTheme } from '../../dress.tsx';
import { paintEntries } from '../../rail/entries.ts';
import { sizeText } from '../../rail/size.ts';
import { Typeset } from '../../symbols.tsx';

/** Of the picture, in CSS pixels. */
const TALLEST = 240;

interface BroughtProps {
  readonly matrix: OwnMatrix;
  readonly normalise: boolean;
  readonly onNormalise: (on: boolean) => void;
  readonly onUse: () => void;
}

/** What was read, before it is used: a small heat map, its size, its range, and what the reader decided by itself. */
export function Brought({ matrix, normalise, onNormalise, onUse }: BroughtProps) {
  const { rows, cols, low, high, format, remark, heat, unscaled } = matrix;
  const fault = normalise ? null : unscaled;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const size = sizeText({ d: rows, k: cols });
  useEffect(() => {
    if (canvas.current) paintEntries(canvas.current, heat);
  }, [heat, theme]);
  return (
    <div className="brought">
      <canvas
        ref={canvas}
        width={heat.cols}
        height={heat.rows}
        style={{ aspectRatio: `${cols} / ${rows}`, width: `min(100%, ${(TALLEST * cols) / rows}px)` }}
        role="img"
        aria-label={`Your matrix, ${size}`}
      />
      <div className="side">
        <dl>
          <dt>Size d × k</dt>
          <dd>{size}</dd>
          <dt>Entries</dt>
          <dd>
            {number(low)} to {number(high)}
          </dd>
          <dt>Read as</dt>
          <dd>{format}</dd>
        </dl>
        {remark && <p className="note">{remark}</p>}
        <label className="check" title={param('normalise').help}>
          <input type="checkbox" checked={normalise} onChange={(event) => onNormalise(event.currentTarget.checked)} />
          <span>
            <Typeset>{param('normalise').label}</Typeset>
          </span>
        </label>
        <div role="status">{fault && <p className="wrong">{fault}</p>}</div>
        <div className="row">
          <button type="button" className="btn main" disabled={fault !== null} onClick={onUse}>
            Use this matrix
          </button>
        </div>
      </div>
    </div>
  );
}
