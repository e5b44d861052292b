/** Lessons that are ready to teach: timetables whose lines are links. */

import { presets } from '../../../experiment/presets.ts';
import { EXAMPLE_LINK } from '../../model/example-class.ts';

/** How the class works during a line. */
export const WAYS = {
  show: 'on the projector',
  lesson: 'lesson, at their own pace',
  ask: 'everybody answers',
  task: 'they try, the page checks',
} as const;

export interface PlanLine {
  readonly minutes: number;
  readonly way: keyof typeof WAYS;
  readonly who: string;
  readonly text: string;
  /** The place that its link opens. */
  readonly opens: 'Present' | 'Lesson' | 'Plan a run' | 'Class link' | 'Wall' | 'Sweep';
  readonly link: string;
  /** The last step of the lesson that belongs to it. */
  readonly until?: number;
}

export interface LessonPlan {
  readonly name: string;
  readonly title: string;
  /** What students bring along. */
  readonly needs: string;
  readonly aim: string;
  readonly lines: readonly PlanLine[];
  readonly classLink: { readonly link: string; readonly about: string };
  /** Lessons that have a handout and notes for it: number and name. */
  readonly lessons: readonly (readonly [number: number, name: string])[];
}

const SUNGLASSES = '#v=1&target=edit&edit=sunglasses&d=64&k=64&steps=300&seed=3';
/** Singular values 1, 0.8, 0.8², …: the error of rank r is at least 0.8ʳ. */
const DECAY = [
  '#v=1&target=decay&law=geometric&rate=0.8&d=64&k=64&rank=4&alpha=8&steps=300&show=rank,alpha&lock=steps',
  'goal=error:0.15&handin=1&title=The+lowest+rank',
  'task=Find+the+lowest+rank+whose+run+ends+with+an+error+of+at+most+0.15.+Compute+it+first.',
].join('&');

const lessonLink = (name: string, step: number) => `#v=1&lesson=${name}&step=${step}`;
const at = (link: string, view: string) => `${link}&view=${view}`;

export const PLANS: readonly LessonPlan[] = [
  {
    name: 'owl',
    title: 'The owl, rank by rank',
    needs: 'no linear algebra needed',
    aim: 'Students say what is frozen, what is trained, and what rank does.',
    classLink: { link: EXAMPLE_LINK, about: '600 trained parameters; rank, α, initialisation and rate are free' },
    lessons: [[0, 'what-is-lora']],
    lines: [
      {
        ...{ minutes: 5, way: 'show', who: 'Projector', opens: 'Present' },
        text: 'An owl gets sunglasses. Before you train, ask: how much will two thin matrices manage?',
        link: at(`${SUNGLASSES}&rank=8&alpha=16`, 'present'),
      },
      {
        ...{ minutes: 10, way: 'lesson', who: 'Pairs', opens: 'Lesson' },
        text: 'Lesson 0, What is LoRA? Seven steps, with questions at the end.',
        ...{ link: lessonLink('what-is-lora', 1), until: 7 },
      },
      {
        ...{ minutes: 3, way: 'ask', who: 'All', opens: 'Present' },
        text: 'Guess first: sunglasses with one pattern only. Then train at rank 1.',
        link: at(`${SUNGLASSES}&rank=1&alpha=2`, 'present'),
      },
      {
        ...{ minutes: 15, way: 'task', who: 'Alone or in pairs', opens: 'Class link' },
        text: 'A hat with an error of at most 0.05, at most 600 trained parameters, in 300 steps.',
        link: at(EXAMPLE_LINK, 'class'),
      },
      {
        ...{ minutes: 8, way: 'show', who: 'Projector', opens: 'Wall' },
        text: 'Paste the links on the wall. Who was first? Why nobody with rank 3?',
        link: at(EXAMPLE_LINK, 'wall'),
      },
      {
        ...{ minutes: 4, way: 'ask', who: 'All, on paper', opens: 'Lesson' },
        text: 'Recall: what is frozen? What does α do? Then the questions of lesson 0 together.',
        ...{ link: lessonLink('what-is-lora', 7), until: 7 },
      },
    ],
  },
  {
    name: 'low-rank',
    title: 'Why a low rank can be enough',
    needs: 'linear algebra with singular values',
    aim: 'Students read a spectrum and predict the error of every rank.',
    classLink: { link: DECAY, about: 'the lowest rank below 0.15; rank and α are free' },
    lessons: [[2, 'rank']],
    lines: [
      {
        ...{ minutes: 5, way: 'ask', who: 'All', opens: 'Lesson' },
        text: 'Draw a guess: how far from the target does each rank end? Then train and compare.',
        ...{ link: lessonLink('rank', 1), until: 1 },
      },
      {
        ...{ minutes: 18, way: 'lesson', who: 'Pairs', opens: 'Lesson' },
        text: 'Lesson 2, What a rank can and cannot do: steps 2 to 6.',
        ...{ link: lessonLink('rank', 2), until: 6 },
      },
      {
        ...{ minutes: 4, way: 'show', who: 'Projector', opens: 'Present' },
        text: 'Confetti at rank 8. Ask: where is the floor, and what do the singular values say?',
        link: at(presets.byName('confetti').link, 'present'),
      },
      {
        ...{ minutes: 3, way: 'show', who: 'Projector', opens: 'Present' },
        text: 'A rotation: all singular values are equal. Is any rank enough?',
        link: at(presets.byName('flat-spectrum').link, 'present'),
      },
      {
        ...{ minutes: 10, way: 'task', who: 'Alone or in pairs', opens: 'Class link' },
        text: 'Singular values 1, 0.8, 0.8², …: the lowest rank below an error of 0.15, computed, then trained.',
        link: at(DECAY, 'class'),
      },
      {
        ...{ minutes: 5, way: 'ask', who: 'All, on paper', opens: 'Lesson' },
        text: 'Recall: the lowest error at rank 16 for a rotation of 64 × 64. Then the questions of lesson 2.',
        ...{ link: lessonLink('rank', 9), until: 9 },
      },
    ],
  },
  {
    name: 'choosing',
    title: 'Choosing r, α and the rate',
    needs: 'a course in machine learning',
    aim: 'Students choose rank, α and rate for a run of their own and defend it.',
    classLink: { link: EXAMPLE_LINK, about: '600 trained parameters; rank, α, initialisation and rate are free' },
    lessons: [
      [3, 'cost'],
      [4, 'scaling'],
      [9, 'choosing'],
    ],
    lines: [
      {
        ...{ minutes: 5, way: 'show', who: 'Projector', opens: 'Present' },
        text: 'The owl again, and it ends far above the floor of rank 8. Ask: is r, α or the rate to blame?',
        link: at(`${SUNGLASSES}&rank=8&alpha=16&lr=2`, 'present'),
      },
      {
        ...{ minutes: 12, way: 'lesson', who: 'Pairs', opens: 'Lesson' },
        text: 'Lesson 3, What it costs: steps 1 to 3.',
        ...{ link: lessonLink('cost', 1), until: 3 },
      },
      {
        ...{ minutes: 13, way: 'task', who: 'Pairs', opens: 'Plan a run' },
        text: 'Plan a run for a model of their own: which card is enough, and which rank for each kind of matrix?',
        link: '#v=1&view=plan',
      },
      {
        ...{ minutes: 20, way: 'lesson', who: 'Alone', opens: 'Lesson' },
        text: 'Lesson 4, α and the learning rate. Step 5 carries a discussion of its own.',
        ...{ link: lessonLink('scaling', 1), until: 8 },
      },
      {
        ...{ minutes: 15, way: 'task', who: 'Pairs', opens: 'Sweep' },
        text: 'Sweep rank and rate for the hat, choose one run within 600 trained parameters, and hand it in from the class link.',
        link: '#v=1&target=edit&edit=hat&d=64&k=64&rank=4&alpha=8&steps=300&view=sweep&sweep=lr:0.005,0.01,0.02,0.05,0.1,0.2;rank:1,2,3,4,8',
      },
      {
        ...{ minutes: 12, way: 'lesson', who: 'Pairs', opens: 'Lesson' },
        text: 'Lesson 9, Choosing a rank.',
        ...{ link: lessonLink('choosing', 1), until: 8 },
      },
      {
        ...{ minutes: 8, way: 'show', who: 'Projector', opens: 'Wall' },
        text: 'The hand-ins on the wall. Two pairs defend their choice: why this α, why this rate?',
        link: at(EXAMPLE_LINK, 'wall'),
      },
      {
        ...{ minutes: 5, way: 'ask', who: 'All, on paper', opens: 'Lesson' },
        text: 'Recall: if the rank is doubled and α stays, what happens to s? Then the questions of lesson 4.',
        ...{ link: lessonLink('scaling', 8), until: 8 },
      },
    ],
  },
];

export const planOf = (name: string): LessonPlan => PLANS.find((plan) => plan.name === name) ?? PLANS[0];

export const minutesOf = (lines: readonly PlanLine[]) => lines.reduce((sum, { minutes }) => sum + minutes, 0);

/** Minutes after the start of the lesson at which a line begins: "0:05". */
export function clockOf({ lines }: LessonPlan, line: number): string {
  const minutes = minutesOf(lines.slice(0, line));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
