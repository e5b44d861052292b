import { type KeyboardEvent, useId, useState } from 'react';
import { decodeDrawing, encodeDrawing } from '../../experiment/link/drawing.ts';
import { dataKind } from '../../experiment/settings/data-kind.ts';
import { pictures } from '../../experiment/targets/pictures/index.ts';
import { paint } from '../../experiment/targets/pictures/shown.ts';
import { resample } from '../../experiment/targets/resample.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useNow } from '../page.tsx';
import { Dialog } from './dialog.tsx';
import { type Brush, blank, isBlank, Paper, type Shades, SIDE } from './paper.tsx';

/** The drawing on screen; what `data` holds may be a matrix or a painting. */
function drawn({ drawing, experiment }: State) {
  return dataKind(experiment.data) === 'drawing' ? drawing : null;
}

/** The picture on screen as a sheet: the drawing, or the picture that is chosen. */
function present(state: State): Shades {
  const { experiment } = state;
  const drawing = drawn(state);
  return (drawing ? resample(drawing, SIDE, SIDE) : paint(pictures.byName(experiment.picture), SIDE, SIDE)).data;
}

/** A small sheet to draw the wanted update on. */
export function DrawPanel() {
  const now = useNow();
  const dispatch = useDispatch();
  const [sheet, setSheet] = useState<Shades>(() => (drawn(now()) ? present(now()) : blank()));
  const [past, setPast] = useState<readonly Shades[]>([]);
  const [brush, setBrush] = useState<Brush>({ size: 3, shade: 1 });
  const [fault, setFault] = useState<string | null>(null);
  const help = useId();

  const keep = () => setPast([...past, sheet].slice(-100));
  const replace = (next: Shades) => {
    keep();
    setSheet(next);
    setFault(null);
  };
  const undo = () => {
    const before = past.at(-1);
    if (!before) return;
    setSheet(before);
    setPast(past.slice(0, -1));
  };
  const use = async () => {
    if (isBlank(sheet))
      return setFault('The sheet has one shade everywhere, so there is nothing to learn: draw something first.');
    const data = await encodeDrawing({ rows: SIDE, cols: SIDE, data: sheet });
    // Read back, so that the picture has the shades that its link holds.
    const decoded = await decodeDrawing(data);
    if ('fault' in decoded) return setFault(`This drawing cannot be used: ${decoded.fault}.`);
    dispatch({ type: 'drawn', data, drawing: decoded.drawing });
    dispatch({ type: 'panel', panel: null });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    undo();
  };
  return (
    <Dialog title="Draw the wanted update" kind="draw">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens for Ctrl Z on its way up */}
      <div className="drawing" onKeyDown={onKeyDown}>
        <Paper
          sheet={sheet}
          brush={brush}
          onBegin={keep}
          onStroke={(next) => {
            setSheet(next);
            setFault(null);
          }}
          describedBy={help}
        />
        <div className="side">
          <Tools brush={brush} onBrush={setBrush} />
          <div className="row wrap">
            <button type="button" className="btn" disabled={past.length === 0} onClick={undo}>
              Undo stroke
            </button>
            <button type="button" className="btn" onClick={() => replace(blank())}>
              Clear
            </button>
            <button type="button" className="btn" onClick={() => replace(present(now()))}>
              Start from the picture
            </button>
          </div>
          <p id={help} className="note">
            Draw with a pointer, or with the keys: arrows move the outlined cell (shift: by eight), space paints it. The
            mean shade is taken off, so that paper and hue become negative and positive numbers.
          </p>
          {fault && (
            <p className="wrong" role="alert">
              {fault}
            </p>
          )}
          <div className="row">
            <button type="button" className="btn main" onClick={() => void use()}>
              Use drawing
            </button>
          </div>
        </div>
      </div>
    </Dialog>
  );
}

interface ToolsProps {
  readonly brush: Brush;
  readonly onBrush: (brush: Brush) => void;
}

/** Brush width, shade, eraser. */
function Tools({ brush, onBrush }: ToolsProps) {
  const erasing = brush.shade === 0;
  return (
    <>
      <Range
        label="Brush"
        text={`${brush.size} ${brush.size === 1 ? 'cell' : 'cells'}`}
        min={1}
        max={16}
        value={brush.size}
        onValue={(size) => onBrush({ ...brush, size })}
      />
      <Range
        label="Shade"
        text={`${Math.round(100 * brush.shade)}%`}
        min={0}
        max={100}
        value={Math.round(100 * brush.shade)}
        onValue={(percent) => onBrush({ ...brush, shade: percent / 100 })}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere */}
      <div className="seg" role="group" aria-label="Tool">
        <button type="button" aria-pressed={!erasing} onClick={() => erasing && onBrush({ ...brush, shade: 1 })}>
          Brush
        </button>
        <button type="button" aria-pressed={erasing} onClick={() => onBrush({ ...brush, shade: 0 })}>
          Eraser
        </button>
      </div>
    </>
  );
}

interface RangeProps {
  readonly label: string;
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onValue: (value: number) => void;
}

function Range({ label, text, min, max, value, onValue }: RangeProps) {
  const id = useId();
  return (
    <div className="ctl">
      <div className="hd">
        <label htmlFor={id}>{label}</label>
        <output htmlFor={id}>{text}</output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onValue(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
