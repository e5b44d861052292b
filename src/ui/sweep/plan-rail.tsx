import { useId, useState } from 'react';
import { count, plural } from '../../experiment/numbers.ts';
import {
  type Axis,
  cellCount,
  hasRuns,
  MAX_CELLS,
  MAX_SEEDS,
  typedValues,
  writeSweep,
} from '../../experiment/plan/sweep.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Button, Check, Group, Select } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { rateOf } from '../../state/select.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { defaultValues, ROLES, type Role, roleOf, sweepRailKeys, thinAxes, togglesOf, withRole } from './roles.ts';
import { planLine, runTimeWords, timeWords } from './run-words.ts';
import { valueText } from './sweep-scene.ts';
import { useSecondsLeft, useSweep } from './use-sweep.ts';

export function PlanRail({ onPlan }: { readonly onPlan?: () => void }) {
  const experiment = useLab((s) => s.experiment);
  const view = useLab((s) => s.view);
  const { planned } = useSweep();
  const { axes } = planned.plan;
  const dispatch = useDispatch();
  /** Requested axes with too many cells, or null. */
  const [over, setOver] = useState<readonly Axis[] | null>(null);
  const setAxes = (asked: readonly Axis[]) => {
    const many = cellCount(asked) > MAX_CELLS;
    setOver(many ? asked : null);
    if (many) return;
    onPlan?.();
    dispatch({ type: 'planned', changes: { sweep: writeSweep({ axes: asked }) } });
  };
  return (
    <aside className="plan-rail" aria-label="What the sweep varies">
      {sweepRailKeys(experiment, axes, view).map((key) => (
        <Setting key={key} of={key} axes={axes} onAxes={setAxes} />
      ))}
      <Seeds />
      {over && (
        <p className="wrong" role="alert">
          That is {count(cellCount(over))} cells; a sweep has at most {count(MAX_CELLS)}.{' '}
          <Button className="back" onClick={() => setAxes(thinAxes(over))}>
            Use every second value
          </Button>
        </p>
      )}
      <PlanFoot />
    </aside>
  );
}

interface SettingProps {
  readonly of: ParamKey;
  readonly axes: readonly Axis[];
  readonly onAxes: (axes: readonly Axis[]) => void;
}

/** Names that leave room for their values. */
const SHORT: { readonly [K in ParamKey]?: string } = { init: 'Initialisation', align: 'Alignment' };

function Setting({ of, axes, onAxes }: SettingProps) {
  const now = useGetLab();
  const value = useLab((s) => s.experiment[of]);
  const { label } = param(of);
  const role = roleOf(axes, of);
  const choose = (chosen: Role | typeof FIXED) => {
    const state = now();
    const values = defaultValues(of, state.experiment, rateOf(state));
    onAxes(withRole(axes, of, chosen === FIXED ? null : chosen, values));
  };
  const axis = axes.find(({ key }) => key === of);
  return (
    <div className="ctl" data-param={of}>
      <div className="row between whole line">
        <span className="lb soft">
          <Symbols>{SHORT[of] ?? label}</Symbols>
        </span>
        {role === null && <span className="val cut">{valueText(of, value)}</span>}
        <Select
          className={role === null ? 'pick quiet role' : 'pick role on'}
          aria-label={`${label}: fixed, or what it varies over`}
          options={([FIXED, ...ROLES] as const).map((name) => [name, name])}
          value={role ?? FIXED}
          onChange={choose}
        />
      </div>
      {axis && <TypedValuesField axis={axis} axes={axes} onAxes={onAxes} />}
    </div>
  );
}

const FIXED = 'fixed';

function Seeds() {
  const repeat = useLab((s) => s.view.repeat);
  const dispatch = useDispatch();
  const set = (text: string) => {
    const seeds = Math.round(Number(text));
    if (seeds >= 1 && seeds <= MAX_SEEDS) dispatch({ type: 'planned', changes: { repeat: seeds } });
  };
  return (
    <div className="ctl">
      <label className="row between whole line">
        <span className="lb soft">Seeds</span>
        <span className="val cut">
          <input
            key={repeat}
            className="num"
            type="number"
            min={1}
            max={MAX_SEEDS}
            defaultValue={repeat}
            onBlur={(event) => set(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && set(event.currentTarget.value)}
            onChange={(event) => event.nativeEvent instanceof InputEvent || set(event.currentTarget.value)}
          />{' '}
          <span className="note">up to {MAX_SEEDS}</span>
        </span>
      </label>
    </div>
  );
}

function PlanFoot() {
  const { planned, progress, sweep } = useSweep();
  const line = useLab(planLine);
  const left = useSecondsLeft();
  const impossible = planned.runs.length - planned.possible;
  const cells = Math.round(planned.cells - planned.possible / planned.plan.repeat);
  return (
    <div className="under-rule plan-foot">
      <b>{line}</b>
      <span className="muted block">
        {!hasRuns(planned.plan)
          ? ''
          : progress.left.length > 0
            ? timeWords(left)
            : runTimeWords(sweep.spent, progress.done - progress.failed)}
      </span>
      {impossible > 0 && (
        <span>
          {plural(cells, 'cell')} {cells === 1 ? 'is impossible and takes' : 'are impossible and take'} no time
        </span>
      )}
    </div>
  );
}

interface ValuesProps {
  readonly axis: Axis;
  readonly axes: readonly Axis[];
  readonly onAxes: (axes: readonly Axis[]) => void;
}

/** More toggles than this fold into a list. */
const MOST_TOGGLES = 8;

function TypedValuesField({ axis, axes, onAxes }: ValuesProps) {
  const e = useLab((s) => s.experiment);
  const set = (values: readonly unknown[]) =>
    onAxes(axes.map((one) => (one.key === axis.key ? { ...one, values } : one)));
  const toggles = togglesOf(axis.key, e, axis.values);
  if (!toggles) return <TypedValues axis={axis} onValues={set} />;
  const toggle = (value: unknown) => {
    const on = axis.values.includes(value);
    const values = toggles.filter((one) => (one === value ? !on : axis.values.includes(one)));
    if (values.length > 0) set(values);
  };
  const { label } = param(axis.key);
  if (toggles.length > MOST_TOGGLES)
    return (
      <div className="row between whole line">
        <span>
          {axis.values.length} of {toggles.length}
        </span>
        <Menu label="Choose …" name={`Choose values of ${label}`} kind="choose" room={420}>
          {toggles.map((value) => (
            <Check key={String(value)} checked={axis.values.includes(value)} onChange={() => toggle(value)}>
              {valueText(axis.key, value)}
            </Check>
          ))}
        </Menu>
      </div>
    );
  return (
    <Group className="seg many" aria-label={`Values of ${label}`}>
      {toggles.map((value) => (
        <button
          key={String(value)}
          type="button"
          aria-pressed={axis.values.includes(value)}
          onClick={() => toggle(value)}
        >
          <Symbols>{valueText(axis.key, value)}</Symbols>
        </button>
      ))}
    </Group>
  );
}

interface TypedProps extends Pick<ValuesProps, 'axis'> {
  readonly onValues: (values: Axis['values']) => void;
}

function TypedValues({ axis, onValues }: TypedProps) {
  const e = useLab((s) => s.experiment);
  const id = useId();
  const written = axis.values.map(String).join(', ');
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const type = (typed: string | null) => {
    setDraft(typed);
    setFault(null);
  };
  const { label } = param(axis.key);
  const commit = () => {
    if (draft === null) return;
    const read = typedValues(axis.key, draft, e);
    if ('fault' in read) return setFault(read.fault);
    type(null);
    if (read.values.join() !== axis.values.join()) onValues(read.values);
  };
  const text = draft ?? written;
  return (
    <>
      <textarea
        className="underlined vals"
        rows={Math.max(1, Math.ceil(text.length / 34))}
        spellCheck={false}
        aria-label={`Values of ${label}`}
        aria-describedby={id}
        aria-invalid={fault !== null || undefined}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') type(null);
          if (event.key !== 'Enter') return;
          event.preventDefault();
          commit();
        }}
      />
      <p id={id} className={fault ? 'wrong' : 'note'} role={fault ? 'alert' : undefined}>
        {fault ?? (param(axis.key).kind === 'integer' ? 'or a range: 1 to 8' : 'or a range: 0.001 to 5, 12 values')}
      </p>
    </>
  );
}
