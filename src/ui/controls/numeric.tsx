import { type ReactNode, useId } from 'react';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { followsDefault, param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Slider, type TrackMarks } from '../../kit/slider.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { type ChoiceMeaning, ControlName, VaryButton } from './control-name.tsx';
import { Fault, settingText, useField, valueText } from './field.tsx';
import { trackOf } from './track.ts';
import { useHelp } from './use-help.ts';

interface NumericProps {
  readonly of: ParamKey;
  /** Value in force if it is not the experiment's own entry, e.g. a derived learning rate. */
  readonly value?: number | null;
  /** If the value is the least of several: all of them, as "0.0041–0.02". */
  readonly range?: string;
  readonly marks?: TrackMarks;
  /** Text around the field: "s = … /8 = 2"; default: the field alone. */
  readonly around?: (field: ReactNode) => ReactNode;
  /** Replaces the button back to the default. */
  readonly back?: ReactNode;
  readonly className?: string;
  readonly choices?: readonly ChoiceMeaning[];
  readonly children?: ReactNode;
}

export function Numeric({ of, marks, range, around, back, className, choices, children, ...given }: NumericProps) {
  const e = useLab((s) => s.experiment);
  const own = e[of];
  const value = given.value === undefined ? (typeof own === 'number' ? own : null) : given.value;
  const { field, fault } = useField(of, value, range !== undefined);
  const dispatch = useDispatch();
  const ids = useId();
  const [help, wrong] = [`${ids}help`, `${ids}wrong`];
  const { label: name } = param(of);
  const sentence = useHelp(of);
  const toDefault = useDefault(of);
  const settle = () => dispatch({ type: 'settled' });
  const typed = (
    <input id={`${ids}field`} aria-label={`${name}, typed`} aria-describedby={fault ? wrong : help} {...field} />
  );
  return (
    <div className={className ? `ctl ${className}` : 'ctl'} data-param={of}>
      <div className="hd">
        <ControlName of={of} choices={choices} />
        {back === undefined ? <DefaultButton of={of} /> : back}
        <span className="val">
          <VaryButton of={of} />
          {around ? around(typed) : typed}
        </span>
      </div>
      <span id={help} hidden>
        {sentence}
      </span>
      <Slider
        track={trackOf(
          of,
          e,
          [value, marks?.at, marks?.beyond].filter((v) => typeof v === 'number'),
        )}
        value={value}
        text={value === null ? 'not known yet' : (range ?? settingText(of, value))}
        marks={marks}
        aria-label={name}
        aria-describedby={help}
        onValue={(next) => dispatch({ type: 'changed', changes: { [of]: next }, group: of })}
        onKeyUp={settle}
        onPointerUp={settle}
        onBlur={settle}
        onDoubleClick={toDefault}
      />
      <Fault id={wrong}>{fault}</Fault>
      {children}
    </div>
  );
}

export function useDefault(of: ParamKey): () => void {
  const dispatch = useDispatch();
  const fallback = useLab((s) => param(of).default(s.experiment));
  const network = useLab((s) => isNetwork(s.experiment));
  return () => {
    const changes = network && of === 'alpha' ? { auto: 'alpha' } : { [of]: fallback };
    dispatch({ type: 'changed', changes });
    dispatch({ type: 'settled' });
  };
}

/** Resets a changed setting; nothing while it is at its default, or follows others. */
export function DefaultButton({ of }: { readonly of: ParamKey }) {
  const usual = useLab((s) => followsDefault(of, s.experiment));
  const fallback = useLab((s) => param(of).default(s.experiment));
  const toDefault = useDefault(of);
  if (usual) return null;
  const text = valueText(of, fallback);
  return (
    <Button
      className="back"
      title={`Reset to ${text}`}
      aria-label={`Reset ${param(of).label} to its default, ${text}`}
      onClick={toDefault}
    >
      Reset
    </Button>
  );
}

export function RankSlider({ aside }: { readonly aside?: ReactNode }) {
  const around = (field: ReactNode) => (
    <>
      {aside}
      {field}
    </>
  );
  return <Numeric of="rank" className="rank" around={around} />;
}
