import { useId } from 'react';
import type { Brush } from './sheet.ts';

interface ToolsProps {
  readonly brush: Brush;
  readonly onBrush: (brush: Brush) => void;
}

/** Brush width, shade, eraser. */
export function Tools({ brush, onBrush }: ToolsProps) {
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
        text={`${Math.round(100 * brush.shade)} %`}
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
