import { writeLink } from '../link/link.ts';
import { isExercise, isLocked } from '../settings/exercise.ts';
import { defaultView, isActive, isAutomatic, withAutoRate } from '../settings/experiment.ts';
import { cleanText, nonBlankText } from '../settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { CHART_NAMES, type View } from '../settings/view.ts';
import { type Goal, readGoal, writeGoal } from './goal.ts';

export type Access = 'change' | 'locked' | 'hidden';

export interface ClassForm {
  readonly title: string;
  readonly task: string;
  /** A control that is not listed is hidden. */
  readonly access: { readonly [key in ParamKey]?: Access };
  readonly goal: Goal | null;
  readonly handin: boolean;
  readonly run: boolean;
  readonly pace: number;
  readonly charts: readonly string[];
  readonly layout: 'lab' | 'present' | 'embed';
}

export const MAX_TITLE_LENGTH = 60;
export const MAX_TASK_LENGTH = 200;

/** The controls that a class link can speak of, in the order of the rail: what `data` holds goes with the target. */
export function rowsOf(e: Experiment): readonly ParamKey[] {
  return PARAM_KEYS.filter((key) => key !== 'data' && key !== 'auto' && isActive(key, e));
}

/** What a lecturer begins with: two sliders, all else hidden. A class link that is open is taken over. */
export function formOf(view: View, e: Experiment): ClassForm {
  const { title, task, handin, run, pace, view: layout } = view;
  const known = view.charts.split(',').filter((name) => CHART_NAMES.includes(name));
  const shown = view.show.split(',');
  const accessOf = (key: ParamKey): Access =>
    isLocked(key, view) ? 'locked' : view.show === '' || shown.includes(key) ? 'change' : 'hidden';
  const access = isExercise(view)
    ? Object.fromEntries(rowsOf(e).map((key) => [key, accessOf(key)]))
    : { rank: 'change' as const, alpha: 'change' as const };
  return {
    ...{ title, task, handin, run, pace, access },
    goal: readGoal(view.goal).goal,
    charts: known.length > 0 ? known : CHART_NAMES,
    layout: layout === 'present' || layout === 'embed' ? layout : 'lab',
  };
}

/** A line as a link takes it: without line breaks and what steers how other text is shown. */
function lineOf(text: string, longest: number): string {
  const plain = cleanText(text.replace(/\s+/g, ' '));
  return nonBlankText([...plain.trim()].slice(0, longest).join('').trim());
}

export function classView(form: ClassForm, e: Experiment): View {
  const keys = rowsOf(e);
  const having = (access: Access) => keys.filter((key) => (form.access[key] ?? 'hidden') === access);
  const [open, locked] = [having('change'), having('locked')];
  // Where nothing is to be changed the list names what is locked, or no control at all: it would mean all if it were empty.
  const show = open.length > 0 ? open : locked.length > 0 ? locked : ['pace'];
  const hidden = having('hidden').length > 0;
  return {
    ...defaultView(),
    title: lineOf(form.title, MAX_TITLE_LENGTH),
    task: lineOf(form.task, MAX_TASK_LENGTH),
    show: hidden || open.length === 0 ? show.join() : '',
    lock: locked.join(),
    goal: form.goal ? writeGoal(form.goal) : '',
    handin: form.handin,
    run: form.run,
    pace: form.pace,
    charts: form.charts.length < CHART_NAMES.length ? form.charts.join() : '',
    view: form.layout,
  };
}

/** The link, with its #. A rate that is automatic is left out: it adapts to what students set. */
export function classLink(form: ClassForm, e: Experiment): string {
  const settings = isAutomatic(e) ? withAutoRate(e) : e;
  return writeLink(settings, classView(form, e), null);
}
