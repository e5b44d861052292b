import './class-page.css';
import { memo, useDeferredValue, useId, useMemo, useState } from 'react';
import { count, exactText, plural } from '../../experiment/numbers.ts';
import {
  type Access,
  type ClassForm,
  classLink,
  classView,
  formOf,
  LESSON_TITLES,
  MAX_TASK_LENGTH,
  MAX_TITLE_LENGTH,
  rowsOf,
} from '../../experiment/plan/class-link.ts';
import { type Goal, readGoal, writeGoal } from '../../experiment/plan/goal.ts';
import { isAutomatic, param, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { CHART_NAMES, LESSON_NAMES, type View } from '../../experiment/settings/view.ts';
import { Button, Check, LinkButton, optionsOf, Select } from '../../kit/button.tsx';
import { NumberField, readings } from '../../kit/number-field.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { goTo } from '../../state/places.ts';
import { withoutAddedSteps } from '../../state/run/begin.ts';
import { LengthLimit } from '../../ui/controls/numeric.tsx';
import { Notices } from '../../ui/notices/notices.tsx';
import { Press, useDispatch, useLab, useLabObject } from '../../ui/page.tsx';
import { Copyable } from '../../ui/panels/copyable.tsx';
import { embedCode, embedHeight } from '../../ui/panels/embed-code.ts';
import { valueWords } from '../../ui/rail/locked-settings.tsx';
import { pacesWith } from '../../ui/run/transport.tsx';
import { CodeToScan } from './code-to-scan.tsx';
import { goalText } from './goal-words.ts';
import { bytesOf, MAX_BYTES, MAX_PLAIN_BYTES, QrCode } from './qr-code.tsx';
import { PREVIEW, StudentPage } from './student-page.tsx';

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

function ClassFormFields({ form, e, onChange }: ClassFormProps) {
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

interface HandOutProps {
  readonly link: string;
  readonly view: View;
  readonly e: Experiment;
}

const HandOut = memo(function HandOut({ link, embed, view, e }: HandOutProps & { readonly embed: string }) {
  const bytes = bytesOf(link);
  return (
    <>
      <div className="hand-out">
        <div>
          <Copyable label="Link" text={link} rows={7} name="Copy link">
            <a className="btn" href={link} target="_blank" rel="noopener">
              Open as a student
            </a>
            <Button onClick={() => window.print()}>Print a sheet</Button>
            <a
              className="btn"
              href={`${link.replace(/&(view|lesson)=[\w-]+/g, '')}&view=wall`}
              target="_blank"
              rel="noopener"
            >
              Open the wall
            </a>
          </Copyable>
          <p className="note space-above">
            {count(link.length)} characters.{' '}
            {isAutomatic(e)
              ? 'The learning rate is left out, so it stays automatic until a student sets it.'
              : 'The learning rate was set in the lab, so the link holds it.'}
          </p>
          {/* Hard to scan, or too long. */}
          {bytes > MAX_PLAIN_BYTES && (
            <p className="note" role="status">
              {bytes <= MAX_BYTES
                ? `The link is long (${count(bytes)} bytes), so its code is fine-grained: from the last row a phone may not read it. A shorter task helps.`
                : `The link is too long for a QR code (${count(bytes)} bytes; the most is ${count(MAX_BYTES)}). Hand it out as a file instead.`}
            </p>
          )}
          <details>
            <summary>Embed in another page</summary>
            <Copyable label="HTML for your page" text={embedCode(embed, embedHeight(e, view))} rows={4} />
          </details>
        </div>
        <div className="code">
          {bytes <= MAX_BYTES ? (
            <CodeToScan text={link} title={view.title || 'LoRA Explorer'} file="lora-explorer-class-link" />
          ) : (
            <Press event={{ type: 'command', session: PREVIEW, command: 'save-run' }}>Save as a run file</Press>
          )}
        </div>
      </div>
      <Sheet link={link} view={view} />
    </>
  );
});

function Sheet({ link, view: { title, task, goal: text } }: Omit<HandOutProps, 'e'>) {
  const { goal } = readGoal(text);
  return (
    <section className="sheet" aria-label="Sheet to print">
      <h2>{title || 'LoRA Explorer'}</h2>
      {task !== '' && <p className="task">{task}</p>}
      {goal && <p>Goal: {goalText(goal)}</p>}
      <QrCode text={link} />
      <p className="address">{link}</p>
    </section>
  );
}

/** The link without options of this window only, such as a back end. */
const address = (fragment: string) => new URL(fragment, location.origin + location.pathname).href;

/** Form for a class link: visible and adjustable settings on the left, the student's page and the link on the right. */
export default function ClassPage() {
  const dispatch = useDispatch();
  // Students begin with the lab's initial settings: an automatic rate, the budget without added steps.
  const e = useLabObject((s) => {
    const settings = withoutAddedSteps(s);
    return isAutomatic(settings) ? withAutoRate(settings) : settings;
  });
  const kept = useLab((s) => s.classForm);
  const view = useLab((s) => s.view);
  const form = useMemo(() => kept ?? formOf(view, e), [kept, view, e]);
  // Page, link and code follow the typing in idle time.
  const asked = useDeferredValue(form);
  const made = useMemo(
    () => ({
      view: classView(asked, e),
      link: address(classLink(asked, e)),
      embed: address(classLink({ ...asked, layout: 'embed' }, e)),
    }),
    [asked, e],
  );
  const change = (changes: Partial<ClassForm>) => dispatch({ type: 'class', form: { ...form, ...changes } });
  return (
    <main id="main" tabIndex={-1} className="screen class-page">
      <Notices />
      <section className="making" aria-labelledby="class-title">
        <div className="title-row">
          <h2 id="class-title" className="space-below">
            Make a class link
          </h2>
          <Press className="link" event={goTo('lab')}>
            Back to the lab
          </Press>
        </div>
        <ClassFormFields form={form} e={e} onChange={change} />
      </section>
      <div className="made stack">
        <h3 className="space-below">What students see</h3>
        <StudentPage e={e} view={made.view} />
        <HandOut {...made} e={e} />
      </div>
    </main>
  );
}
