import { useState } from 'react';
import { count, plural } from '../../experiment/numbers.ts';
import { type Axis, cellCount, hasRuns, MAX_CELLS, MAX_SEEDS, writeSweep } from '../../experiment/plan/sweep.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Select } from '../../kit/choice.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { rateOf } from '../../state/select.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { valueText } from './axis-words.ts';
import { defaultValues, ROLES, type Role, roleOf, sweepRailKeys, thinAxes, withRole } from './roles.ts';
import { planLine, runTimeWords, timeWords } from './run-words.ts';
import { TypedValuesField } from './typed-values.tsx';
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
      <div className="row line">
        <span className="lb">
          <Symbols>{of === 'init' ? 'Initialisation' : label}</Symbols>
        </span>
        {role === null && <span className="val">{valueText(of, value)}</span>}
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
      <label className="row line">
        <span className="lb">Seeds</span>
        <span className="val">
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
    <div className="plan-foot">
      <b>{line}</b>
      <span>
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
