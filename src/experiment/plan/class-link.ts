import { writeLink } from '../link/link.ts';
import { isExercise, isLocked } from '../settings/exercise.ts';
import { isActive, isAutomatic, withAutoRate } from '../settings/experiment.ts';
import { cleanText, nonBlankText } from '../settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { CHART_NAMES, defaultView, LESSON_NAMES, type View } from '../settings/view.ts';
import { type Goal, readGoal, writeGoal } from './goal.ts';

export type Access = 'change' | 'locked' | 'hidden';

export interface ClassForm {
  readonly title: string;
  readonly task: string;
  /** Unlisted controls are hidden. */
  readonly access: { readonly [key in ParamKey]?: Access };
  readonly goal: Goal | null;
  readonly handin: boolean;
  /** The lesson that students read first; empty: none. */
  readonly lesson: string;
  readonly run: boolean;
  readonly pace: number;
  readonly charts: readonly string[];
  readonly layout: 'lab' | 'present' | 'embed';
}

/** The lessons that a class link can open, by name. */
export const LESSON_TITLES: Readonly<Record<string, string>> = {
  'what-is-lora': 'What is LoRA?',
  'by-hand': 'The layer, by hand',
  rank: 'What a rank can and cannot do',
  cost: 'What it costs',
  scaling: 'α and the learning rate',
  starts: 'Where training starts',
  gradients: 'Where the two gradients come from',
  optimisers: 'Which optimiser',
  'low-rank': 'Is the update low-rank?',
  choosing: 'Choosing a rank',
  beyond: 'Beyond LoRA',
  merging: 'Merging and serving',
};

export const MAX_TITLE_LENGTH = 60;
export const MAX_TASK_LENGTH = 200;

export function rowsOf(e: Experiment): readonly ParamKey[] {
  return PARAM_KEYS.filter((key) => key !== 'data' && key !== 'auto' && isActive(key, e));
}

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
    lesson: LESSON_NAMES.includes(view.lesson) ? view.lesson : '',
    goal: readGoal(view.goal).goal,
    charts: known.length > 0 ? known : CHART_NAMES,
    layout: layout === 'present' || layout === 'embed' ? layout : 'lab',
  };
}

/** A line for a link: without line breaks and characters that control how text is shown. */
function lineOf(text: string, longest: number): string {
  const plain = cleanText(text.replace(/\s+/g, ' '));
  return nonBlankText([...plain.trim()].slice(0, longest).join('').trim());
}

export function classView(form: ClassForm, e: Experiment): View {
  const keys = rowsOf(e);
  const having = (access: Access) => keys.filter((key) => (form.access[key] ?? 'hidden') === access);
  const [open, locked] = [having('change'), having('locked')];
  // If no control may change the list names a locked one, or none at all: an empty list would mean all.
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
    lesson: form.lesson,
    run: form.run,
    pace: form.pace,
    charts: form.charts.length < CHART_NAMES.length ? form.charts.join() : '',
    view: form.layout,
  };
}

/** The link, with its #. An automatic rate is left out: it adapts to the students' settings. */
export function classLink(form: ClassForm, e: Experiment): string {
  const settings = isAutomatic(e) ? withAutoRate(e) : e;
  return writeLink(settings, classView(form, e), null);
}
