import { useId, useState } from 'react';
import { exactText, plural } from '../../experiment/numbers.ts';
import {
  type Access,
  type ClassForm,
  LESSON_TITLES,
  MAX_TASK_LENGTH,
  MAX_TITLE_LENGTH,
  rowsOf,
} from '../../experiment/plan/class-link.ts';
import { type Goal, readGoal, writeGoal } from '../../experiment/plan/goal.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { CHART_NAMES, LESSON_NAMES } from '../../experiment/settings/view.ts';
import { LinkButton } from '../../kit/button.tsx';
import { Check, optionsOf, Select } from '../../kit/choice.tsx';
import { NumberField, readings } from '../../kit/number-field.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { LengthLimit } from '../../ui/controls/field.tsx';
import { valueWords } from '../../ui/rail/locked-settings.tsx';
import { pacesWith } from '../../ui/run/transport.tsx';

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
      <div className="fields space-below">
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
          className="underlined"
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
          <label className="unseen" htmlFor={`${id}pace`}>
            Steps per second
          </label>
          <Select
            id={`${id}pace`}
            className="pick quiet"
            options={pacesWith(form.pace).map((pace) => [pace, paceText(pace)])}
            value={form.pace}
            onChange={(pace) => onChange({ pace })}
          />
        </span>
        <fieldset className="row charts-shown">
          <legend>Charts</legend>
          {CHART_NAMES.map((name) => {
            const shown = form.charts.includes(name);
            const toggled = CHART_NAMES.filter((other) => (other === name ? !shown : form.charts.includes(other)));
            // The last chart cannot be removed.
            const last = shown && form.charts.length === 1;
            return (
              <Check key={name} checked={shown} disabled={last} onChange={() => onChange({ charts: toggled })}>
                {CHART_LABELS[name]}
              </Check>
            );
          })}
        </fieldset>
        <span className="row">
          <label htmlFor={`${id}lesson`}>Lesson first</label>
          <Select
            id={`${id}lesson`}
            className="pick"
            options={[
              ['', 'none'],
              ...LESSON_NAMES.map((name, n): [string, string] => [name, `${n} · ${LESSON_TITLES[name]}`]),
            ]}
            value={form.lesson}
            onChange={(lesson) => onChange(lesson === '' ? { lesson } : { lesson, handin: true })}
          />
        </span>
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

const paceText = (pace: number) =>
  Number.isFinite(pace) ? `${plural(pace, 'step', exactText)} per second` : 'full speed';

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
  const [open, setOpen] = useState(false);
  const row = (key: ParamKey) => {
    const { label } = param(key);
    const now = accessOf(key);
    return (
      <tr key={key} className={now}>
        <th scope="row">
          <Symbols>{label}</Symbols>
        </th>
        <td>{valueWords(key, e)}</td>
        {ACCESS.map(([access, words]) => (
          <td key={access}>
            <label>
              <input
                type="radio"
                name={`class-${key}`}
                aria-label={`${label}: ${words}`}
                checked={now === access}
                onChange={() => onChange({ access: { ...form.access, [key]: access } })}
              />
            </label>
          </td>
        ))}
      </tr>
    );
  };
  return (
    <table className="numbers ruled space-below access">
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

const FIRST: Goal = { error: 0.05, numbers: null, steps: null };
const GOAL_KEYS = ['error', 'numbers', 'steps'] as const;

interface GoalProps {
  readonly goal: Goal | null;
  readonly onChange: (goal: Goal | null) => void;
}

/** An error to reach, with at most n trained parameters and steps; empty: any. */
function GoalFields({ goal, onChange }: GoalProps) {
  const id = useId();
  const shown = goal ?? FIRST;
  return (
    <div className="row space-below goal-fields">
      <Check checked={goal !== null} onChange={() => onChange(goal === null ? FIRST : null)}>
        Goal
      </Check>
      {GOAL_KEYS.map((key) => (
        <span key={key}>
          <label htmlFor={id + key}>{key} ≤ </label>
          <NumberField
            id={id + key}
            disabled={goal === null}
            value={shown[key]}
            read={(typed) => readAmount(key, typed)}
            placeholder={key === 'error' ? undefined : 'any'}
            onValue={(value) => onChange({ ...shown, [key]: value })}
          />
        </span>
      ))}
    </div>
  );
}

function readAmount(key: keyof Goal, typed: string): number | string | null {
  if (key !== 'error' && typed.trim() === '') return null;
  const fits = (value: number) => readGoal(writeGoal({ ...FIRST, [key]: value })).faults.length === 0;
  return readings(typed).find(fits) ?? (key === 'error' ? 'a number above 0' : 'a whole number, or nothing');
}
