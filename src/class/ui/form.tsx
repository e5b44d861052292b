import { useId, useState } from 'react';
import { exactText } from '../../experiment/numbers.ts';
import {
  type Access,
  type ClassForm,
  MAX_TASK_LENGTH,
  MAX_TITLE_LENGTH,
  rowsOf,
} from '../../experiment/plan/class-link.ts';
import { type Goal, readGoal, writeGoal } from '../../experiment/plan/goal.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { CHART_NAMES } from '../../experiment/settings/view.ts';
import { LinkButton } from '../../kit/button.tsx';
import { Check, optionsOf, Select } from '../../kit/choice.tsx';
import { NumberField, readings } from '../../kit/number-field.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { LengthLimit } from '../../ui/controls/field.tsx';
import { valueWords } from '../../ui/rail/locked-settings.tsx';

interface ClassFormProps {
  readonly form: ClassForm;
  readonly e: Experiment;
  readonly onChange: (changes: Partial<ClassForm>) => void;
}

const CHART_LABELS: Readonly<Record<string, string>> = {
  spectrum: 'spectrum',
  gradients: 'gradients or loss',
  error: 'error',
  effectiveRank: 'effective rank',
};

const LAYOUTS = { lab: 'lab', present: 'large, for a projector', embed: 'without a rail, for another page' } as const;

export function ClassFormFields({ form, e, onChange }: ClassFormProps) {
  const id = useId();
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <div className="fields">
        <label htmlFor={`${id}title`}>Title</label>
        <input
          id={`${id}title`}
          maxLength={MAX_TITLE_LENGTH}
          value={form.title}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
        <LengthLimit text={form.title} most={MAX_TITLE_LENGTH} />
        <label htmlFor={`${id}task`}>Task</label>
        <textarea
          id={`${id}task`}
          rows={2}
          maxLength={MAX_TASK_LENGTH}
          value={form.task}
          onChange={(event) => onChange({ task: event.currentTarget.value })}
        />
        <LengthLimit text={form.task} most={MAX_TASK_LENGTH} />
      </div>
      <GoalFields
        goal={form.goal}
        // A goal usually comes with a wall of those who reached it.
        onChange={(goal) => onChange(form.goal === null ? { goal, handin: true } : { goal })}
      />
      <AccessTable form={form} e={e} onChange={onChange} />
      <div className="options">
        <Check checked={form.handin} onChange={(handin) => onChange({ handin })}>
          “Hand in” with a nickname
        </Check>
        <span className="row">
          <Check checked={form.run} onChange={(run) => onChange({ run })}>
            Train at once
          </Check>
          <PaceField pace={form.pace} onChange={onChange} />
        </span>
        <fieldset className="row charts-shown">
          <legend>Charts</legend>
          {CHART_NAMES.map((name) => (
            <ChartBox key={name} name={name} charts={form.charts} onChange={onChange} />
          ))}
        </fieldset>
        <span className="row">
          <label htmlFor={`${id}layout`}>Layout</label>
          <Select
            id={`${id}layout`}
            className="pick"
            options={optionsOf(LAYOUTS)}
            value={form.layout}
            onChange={(layout) => onChange({ layout })}
          />
        </span>
      </div>
      <p className="note">
        Locks are a courtesy: anyone who edits the link can change them. The class wall trains every run again and marks
        what was changed.
      </p>
    </form>
  );
}

const PACES = [1, 10, 50, Number.POSITIVE_INFINITY];

function PaceField({ pace, onChange }: { readonly pace: number; readonly onChange: ClassFormProps['onChange'] }) {
  const id = useId();
  const paces = PACES.includes(pace) ? PACES : [...PACES, pace].sort((a, b) => a - b);
  return (
    <>
      <label className="unseen" htmlFor={id}>
        Steps per second
      </label>
      <Select
        id={id}
        className="pick quiet"
        options={paces.map((value) => [
          value,
          Number.isFinite(value) ? `${exactText(value)} ${value === 1 ? 'step' : 'steps'} per second` : 'full speed',
        ])}
        value={pace}
        onChange={(to) => onChange({ pace: to })}
      />
    </>
  );
}

interface ChartBoxProps extends Pick<ClassForm, 'charts'> {
  readonly name: string;
  readonly onChange: ClassFormProps['onChange'];
}

/** The last chart cannot be removed. */
function ChartBox({ name, charts, onChange }: ChartBoxProps) {
  const shown = charts.includes(name);
  const toggled = CHART_NAMES.filter((other) => (other === name ? !shown : charts.includes(other)));
  return (
    <Check checked={shown} disabled={shown && charts.length === 1} onChange={() => onChange({ charts: toggled })}>
      {CHART_LABELS[name]}
    </Check>
  );
}

const ACCESS: readonly (readonly [Access, string])[] = [
  ['change', 'students change it'],
  ['locked', 'shown, locked'],
  ['hidden', 'hidden'],
];

/** Controls that exercises use most; others that are hidden when the page opens are folded. */
const MAIN: readonly ParamKey[] = ['rank', 'alpha', 'init', 'opt', 'lr', 'steps'];

function AccessTable({ form, e, onChange }: ClassFormProps) {
  const rows = rowsOf(e);
  const accessOf = (key: ParamKey) => form.access[key] ?? 'hidden';
  const [first] = useState(() => rows.filter((key) => MAIN.includes(key) || accessOf(key) !== 'hidden'));
  const more = rows.filter((key) => !first.includes(key));
  const row = (key: ParamKey) => (
    <AccessRow key={key} of={key} e={e} now={accessOf(key)} onPick={(access) => set(key, access)} />
  );
  const [open, setOpen] = useState(false);
  const set = (key: ParamKey, access: Access) => onChange({ access: { ...form.access, [key]: access } });
  return (
    <table className="access">
      <caption className="unseen">What students can do with each control</caption>
      <thead>
        <tr>
          <th scope="col">control</th>
          <th scope="col">starts at</th>
          {ACCESS.map(([access, label]) => (
            <th key={access} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{rows.filter((key) => !more.includes(key)).map(row)}</tbody>
      {more.length > 0 && (
        <tbody>
          <tr>
            <td colSpan={5}>
              <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? 'Fewer controls' : `More controls: ${more.length}`}
              </LinkButton>
            </td>
          </tr>
          {open && more.map(row)}
        </tbody>
      )}
    </table>
  );
}

interface AccessRowProps {
  readonly of: ParamKey;
  readonly e: Experiment;
  readonly now: Access;
  readonly onPick: (access: Access) => void;
}

function AccessRow({ of, e, now, onPick }: AccessRowProps) {
  const { label } = param(of);
  return (
    <tr className={now}>
      <th scope="row">
        <Symbols>{label}</Symbols>
      </th>
      <td>{valueWords(of, e)}</td>
      {ACCESS.map(([access, words]) => (
        <td key={access}>
          <label>
            <input
              type="radio"
              name={`class-${of}`}
              aria-label={`${label}: ${words}`}
              checked={now === access}
              onChange={() => onPick(access)}
            />
          </label>
        </td>
      ))}
    </tr>
  );
}

const FIRST: Goal = { error: 0.05, numbers: null, steps: null };

/** An error to reach, with at most n trained parameters and steps. */
function GoalFields({
  goal,
  onChange,
}: {
  readonly goal: Goal | null;
  readonly onChange: (goal: Goal | null) => void;
}) {
  const { error, numbers, steps } = goal ?? FIRST;
  const set = (changes: Partial<Goal>) => onChange({ ...(goal ?? FIRST), ...changes });
  return (
    <div className="row goal-fields">
      <Check checked={goal !== null} onChange={() => onChange(goal === null ? FIRST : null)}>
        Goal
      </Check>
      <Amount
        label="error"
        value={error}
        off={goal === null}
        required
        onChange={(n) => n !== null && set({ error: n })}
        of="error"
      />
      <Amount label="numbers" value={numbers} off={goal === null} onChange={(n) => set({ numbers: n })} of="numbers" />
      <Amount label="steps" value={steps} off={goal === null} onChange={(n) => set({ steps: n })} of="steps" />
    </div>
  );
}

interface AmountProps {
  readonly of: keyof Goal;
  readonly label: string;
  readonly value: number | null;
  readonly off: boolean;
  readonly required?: boolean;
  readonly onChange: (value: number | null) => void;
}

/** Whether the link accepts a number there. */
function fits(of: keyof Goal, value: number): boolean {
  return readGoal(writeGoal({ ...FIRST, [of]: value })).faults.length === 0;
}

/** A number of the goal; empty: any. */
function Amount({ of, label, value, off, required, onChange }: AmountProps) {
  const id = useId();
  const read = (typed: string) =>
    !required && typed.trim() === ''
      ? null
      : (readings(typed).find((n) => fits(of, n)) ??
        (of === 'error' ? 'a number above 0' : 'a whole number, or nothing'));
  return (
    <span>
      <label htmlFor={id}>{label} ≤ </label>
      <NumberField
        id={id}
        disabled={off}
        value={value}
        read={read}
        placeholder={required ? undefined : 'any'}
        onValue={onChange}
      />
    </span>
  );
}
