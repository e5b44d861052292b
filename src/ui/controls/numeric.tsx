import { type FocusEvent, type KeyboardEvent, type ReactNode, useId } from 'react';
import { count, display, exactText, tickText } from '../../experiment/numbers.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { followsDefault, param, unsetText } from '../../experiment/settings/experiment.ts';
import type { Numeric as NumericKind } from '../../experiment/settings/kinds.ts';
import { type Experiment, type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { Button, Choice } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { readings, useTypedNumber } from '../../kit/number-field.tsx';
import { nextTick, Slider, type TrackMarks } from '../../kit/slider.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { type ChoiceMeaning, ControlName, useHelp, VaryButton } from './control-name.tsx';
import { numericParam, trackOf } from './track.ts';

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

/**
 * Typed value of a parameter (null if unknown): props of its field, and the error in what was typed. `least`: of several
 * values, which the typed one replaces.
 */
export function useField(of: ParamKey, value: number | null, least = false) {
  const e = useLab((s) => s.experiment);
  const dispatch = useDispatch();
  const text = value === null ? '' : settingText(of, value) + (least ? '…' : '');
  const { field, fault, type } = useTypedNumber({
    value: least ? null : value,
    text,
    read: (typed) => allowedReading(typed, of, e),
    onValue: (read) => {
      dispatch({ type: 'changed', changes: { [of]: read } });
      dispatch({ type: 'settled' });
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    field.onKeyDown(event);
    if (value === null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const { min, max } = numericParam(of);
    const direction = event.key === 'ArrowUp' ? 1 : -1;
    // A small step stops at the bound of the table.
    const next = event.shiftKey
      ? nextTick(value, direction, trackOf(of, e, [value]))
      : trackOf(of, e, [min(e), max(e)]).smallStep(value, direction);
    dispatch({ type: 'changed', changes: { [of]: next }, group: of });
  };
  return {
    fault,
    field: {
      ...field,
      className: 'num',
      placeholder: value === null ? '…' : undefined,
      style: { width: `${Math.max(2, field.value.length) + 1}ch` },
      onFocus: (event: FocusEvent<HTMLInputElement>) => {
        if (field.value === text && value !== null && !least) type(exactText(value));
        field.onFocus(event);
      },
      onBlur: () => {
        field.onBlur();
        dispatch({ type: 'settled' });
      },
      onKeyDown,
    },
  };
}

function settingText(of: ParamKey, value: number): string {
  return numericParam(of).kind === 'integer' ? count(value) : display(value);
}

/** A value as its control shows it: "16", "Kaiming", "independent". */
export function valueText(of: ParamKey, value: unknown): string {
  if (typeof value === 'number') return settingText(of, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return unsetText(of);
  const { names } = SETTINGS[of] as { readonly names?: Readonly<Record<string, string>> };
  return names?.[value] ?? value;
}

function allowedReading(typed: string, of: ParamKey, e: Experiment): number | string {
  const p = numericParam(of);
  const values = readings(typed);
  const good = values.find((value) => 'value' in p.check(value, e));
  if (good !== undefined) return good;
  const got =
    typed.trim() === ''
      ? 'Nothing was typed'
      : values.length > 0
        ? `“${cut(typed)}” is not possible`
        : `“${cut(typed)}” is not a number`;
  return `${got}: ${p.label} must be ${allowedWords(p, e)}.`;
}

const cut = (text: string) => (text.trim().length > 24 ? `${text.trim().slice(0, 24)}…` : text.trim());

/** "a whole number from 1 to 64", with numbers formatted as on the page. */
function allowedWords(p: NumericKind<unknown>, e: Experiment): string {
  const write = p.kind === 'integer' ? count : (x: number) => (x >= 1000 ? count(x) : tickText(x));
  return `a ${p.kind === 'integer' ? 'whole ' : ''}number from ${write(p.min(e))} to ${write(p.max(e))}`;
}

/** The error in what was typed; nothing if there is none. */
export function Fault({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    children && (
      <p id={id} className="wrong" role="alert">
        {children}
      </p>
    )
  );
}

export function LengthLimit({ text, most }: { readonly text: string; readonly most: number }) {
  return (
    <span className="note at-most" role="status">
      {text.length >= most && `${most} characters at most`}
    </span>
  );
}

type ChoiceKey =
  | 'adapt'
  | 'method'
  | 'train'
  | 'norm'
  | 'places'
  | 'side'
  | 'scaling'
  | 'shape'
  | 'law'
  | 'opt'
  | 'picture'
  | 'edit'
  | 'quant'
  | 'precision'
  | 'order'
  | 'schedule'
  | 'base';

export function isChoice(of: ParamKey): of is ChoiceKey {
  return SETTINGS[of].kind === 'choice';
}

interface SegmentsProps {
  readonly of: ChoiceKey;
  /** Without heading: the control above names it. */
  readonly bare?: boolean;
  readonly titles?: Readonly<Record<string, string>>;
  /** Those that have a button, the last until another one is chosen; those without are in a list. Default: all. */
  readonly first?: readonly string[];
}

export function choiceMeanings(
  of: ChoiceKey,
  sentences: Readonly<Record<string, string>> = {},
): readonly ChoiceMeaning[] {
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  return Object.entries(sentences).map(([option, sentence]) => [names[option] ?? option, sentence]);
}

export function Segments({ of, bare, titles, first }: SegmentsProps) {
  const value = useLab((s) => s.experiment[of]);
  const dispatch = useDispatch();
  const id = useId();
  const { label } = SETTINGS[of];
  const help = useHelp(of);
  const options: readonly string[] = useLab(({ experiment }) => SETTINGS[of].among(experiment).join()).split(',');
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  const buttons = !first || first.includes(value) ? first : [...first.slice(0, -1), value];
  const shown = options.filter((option) => buttons?.includes(option) ?? true);
  const others = options.filter((option) => !shown.includes(option));
  const choose = (option: string) => dispatch({ type: 'changed', changes: { [of]: option } });
  return (
    <div className={bare ? 'bare' : 'ctl'} data-param={of}>
      {!bare && (
        <div className="hd">
          <ControlName of={of} choices={choiceMeanings(of, titles)} />
          <DefaultButton of={of} />
          <span className="val">
            <VaryButton of={of} />
          </span>
        </div>
      )}
      <span id={id} hidden>
        {help}
      </span>
      <Choice
        aria-label={label}
        aria-describedby={id}
        options={shown.map((option) => [option, <Symbols key={option}>{names[option]}</Symbols>, titles?.[option]])}
        value={value}
        onChange={choose}
      >
        {others.length > 0 && (
          <Menu label="…" name={`${label}: more`} kind="more">
            {others.map((option) => (
              <Button key={option} className="link" title={titles?.[option]} onClick={() => choose(option)}>
                {names[option]}
              </Button>
            ))}
          </Menu>
        )}
      </Choice>
    </div>
  );
}
