import '../pane/lessons.css';
import './contents.css';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { capital, plural } from '../../experiment/numbers.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { onDemand, useDispatch, useLab } from '../../ui/page.tsx';
import { meaningOf, TERM_NAMES, type TermName, termHeading } from '../glossary/terms.ts';
import { LESSONS, numberOf } from '../list.ts';
import { type LessonProgress, type Progress, progressIn } from '../state/progress.ts';
import type { LessonEntry } from '../step.tsx';
import { ClearProgress, LevelChoice, NumbersChoice, useLessonOpener } from './reader.tsx';
import { Search } from './search/search.tsx';

const isDone = ({ steps }: Pick<LessonEntry, 'steps'>, { done }: LessonProgress) =>
  steps.every((_, i) => done.includes(i));

interface NextStep {
  readonly entry: LessonEntry;
  /** From 1. */
  readonly step: number;
  readonly begun: boolean;
}

/** The lesson that was open last, or the next unfinished one if that is done. */
export function nextStep(lessons: readonly LessonEntry[], progress: Progress): NextStep {
  const last = lessons.findIndex(({ name }) => name === progress.last);
  const from = Math.max(0, last);
  const order = [...lessons.slice(from), ...lessons.slice(0, from)];
  const entry = order.find((one) => !isDone(one, progressIn(progress, one.name))) ?? lessons[from];
  const begun = Object.hasOwn(progress.lessons, entry.name);
  const { step } = progressIn(progress, entry.name);
  return {
    entry,
    begun,
    step: isDone(entry, progressIn(progress, entry.name)) ? 1 : Math.min(step + 1, entry.steps.length),
  };
}

const UNTIL_LOADED = <main id="main" tabIndex={-1} />;
const NotesPage = onDemand(() => import('./notes-page.tsx'), UNTIL_LOADED);
const AnswersPage = onDemand(() => import('../answers/answers-page.tsx'), UNTIL_LOADED);
const Handout = onDemand(() => import('./handout/handout.tsx'), UNTIL_LOADED);

/** The pages around the lessons: contents, glossary, notes for teachers, handouts, their keys, and the list of these. */
export default function Contents() {
  const open = useLab(({ view }) => (view.view === 'handouts' || view.view === 'answers' ? view.view : view.lesson));
  const [term, setTerm] = useState<TermName | null>(null);
  const [, page, of = null] = /^(notes|handout|key)(?:-(.+))?$/.exec(open) ?? ['', open];
  switch (page) {
    case 'glossary':
      return <GlossaryPage term={term} setTerm={setTerm} />;
    case 'answers':
      return <AnswersPage />;
    case 'handouts':
      return <HandoutsPage />;
    case 'notes':
      return <NotesPage of={of} />;
    case 'handout':
    case 'key':
      return <Handout key={open} of={of} page={page} />;
    default:
      return <ContentsPage setTerm={setTerm} />;
  }
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const inWords = (n: number) => WORDS[n] ?? String(n);

/** To the half hour. */
function inAll(minutes: number): string {
  const halves = Math.round(minutes / 30);
  return `${inWords(Math.floor(halves / 2))} hours${halves % 2 === 1 ? ' and a half' : ''}`;
}

function ContentsPage({ setTerm }: { readonly setTerm: (name: TermName | null) => void }) {
  const read = useLessonOpener();
  const [first, ...others] = LESSONS;
  const minutes = LESSONS.reduce((all, one) => all + one.minutes, 0);
  const last = useLab((s) => s.progress.last);
  return (
    <main id="main" tabIndex={-1} className="contents">
      <div className="side">
        <h2>{capital(inWords(LESSONS.length))} lessons on LoRA</h2>
        <p className="read">
          {capital(inWords(first.minutes))} minutes to start, then {inWords(others.length)}{' '}
          {others.length === 1 ? 'lesson' : 'lessons'}: about {inAll(minutes)} in all. Read, watch it happen beside the
          text, and answer on the way.
        </p>
        <Continue />
        <Search setTerm={setTerm} />
        <LevelChoice />
        <NumbersChoice />
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read('handout')}>Handouts to print</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('notes')}>Notes for teachers</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('glossary')}>Glossary</LinkButton>
          </li>
          <li>
            <ClearProgress />
          </li>
        </ul>
        <p className="note">Progress stays on this device and is not part of any link.</p>
      </div>
      <ol className="rows">
        {LESSONS.map((entry) => (
          <Row key={entry.name} entry={entry} marked={entry.name === last} />
        ))}
      </ol>
    </main>
  );
}

/** Continues the lesson that was open last, or the next one if that is done. */
function Continue() {
  const progress = useLab((s) => s.progress);
  const read = useLessonOpener();
  const { entry, step, begun } = nextStep(LESSONS, progress);
  return (
    <p className="row soft far-below">
      <Button className="btn main" onClick={() => read(entry.name, step)}>
        {begun ? `Continue lesson ${numberOf(entry.name)}` : `Begin lesson ${numberOf(entry.name)}`}
      </Button>
      <span>
        {begun ? `step ${step} of ${entry.steps.length}` : `${entry.steps.length} steps, ${entry.minutes} minutes`}
      </span>
    </p>
  );
}

function Row({ entry, marked }: { readonly entry: LessonEntry; readonly marked: boolean }) {
  const { name, title, minutes, steps } = entry;
  const studied = useLab((s) => progressIn(s.progress, name));
  const dispatch = useDispatch();
  const id = useId();
  const done = isDone(entry, studied);
  const count = steps.filter((_, i) => studied.done.includes(i)).length;
  const begun = studied.asked > 0 || studied.step > 0 || studied.done.length > 0;
  const quiz = studied.right.length > 0 && `quiz ${studied.right.length} of ${studied.asked}`;
  const step = done || !begun ? 1 : studied.step + 1;
  const open = () => dispatch({ type: 'viewed', changes: { lesson: name, step } });
  return (
    <LessonRow
      entry={entry}
      marked={marked}
      id={id}
      head={
        <button type="button" aria-describedby={id} onClick={open}>
          <span className="unseen">Lesson {numberOf(name)}: </span>
          {title}
        </button>
      }
    >
      <span>
        {done ? '✓ done' : begun ? `${count} of ${plural(steps.length, 'step')}` : `${minutes} min`}
        {begun && quiz && <span className="quiz-of">, {quiz}</span>}
      </span>
      <span className="ticks" aria-hidden="true">
        {steps.map((one, i) => (
          <i key={one} className={studied.done.includes(i) ? 'done' : begun && i + 1 === step ? 'at' : undefined} />
        ))}
      </span>
    </LessonRow>
  );
}

interface GlossaryProps {
  /** The term that was looked up. */
  readonly term: TermName | null;
  readonly setTerm: (name: TermName | null) => void;
}

const idOf = (name: TermName) => `term-${TERM_NAMES.indexOf(name)}`;

/** Every term at the reader's level, in alphabetical order. */
function GlossaryPage({ term, setTerm }: GlossaryProps) {
  const read = useLessonOpener();
  useEffect(() => {
    if (!term) return;
    const element = document.getElementById(idOf(term));
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, [term]);
  return (
    <main id="main" tabIndex={-1} className="contents glossary">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>Glossary</h2>
        <p className="read">
          The words of the lessons and of the charts, explained at three levels. A lesson shows what each of them does.
        </p>
        <Search setTerm={setTerm} />
        <LevelChoice />
      </div>
      <dl className="terms">
        {TERM_NAMES.map((name) => (
          <Entry key={name} name={name} here={name === term} />
        ))}
      </dl>
    </main>
  );
}

function Entry({ name, here }: { readonly name: TermName; readonly here: boolean }) {
  const level = useLab((s) => s.progress.level);
  const read = useLessonOpener();
  const meaning = meaningOf(name);
  const lesson = LESSONS.find((one) => one.name === meaning.lesson);
  return (
    <div className={here ? 'entry here' : 'entry'}>
      <dt className="entry-title" id={idOf(name)} tabIndex={-1}>
        {termHeading(name)}
      </dt>
      <dd>
        {meaning[level]}
        {lesson && (
          <LinkButton onClick={() => read(lesson.name)}>
            <span className="unseen">{termHeading(name)}, </span>lesson {numberOf(lesson.name)}: {lesson.title}
          </LinkButton>
        )}
      </dd>
    </div>
  );
}

const PAGES = [
  ['handout', 'Handout'],
  ['key', 'Answer key'],
  ['notes', 'Notes'],
] as const;

/** What a teacher prints or reads before class, by lesson. */
function HandoutsPage() {
  const dispatch = useDispatch();
  const read = (lesson: string) => dispatch({ type: 'viewed', changes: { view: 'lab', lesson, step: 1 } });
  return (
    <main id="main" tabIndex={-1} className="contents">
      <div className="side">
        <h2>Handouts and keys</h2>
        <p className="read">
          A handout has one or two pages: pictures, blanks and questions, and no answer. Its key answers every one of
          them and names the usual mistakes. Notes say what to ask, and when.
        </p>
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read('handout')}>All handouts</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('key')}>All answer keys</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('notes')}>Notes on all lessons</LinkButton>
          </li>
        </ul>
        <p className="note">They are the same on every device, whatever was trained or guessed there.</p>
      </div>
      <ol className="rows">
        {LESSONS.map((entry) => {
          const { name, title, minutes } = entry;
          return (
            <LessonRow key={name} entry={entry} head={<b id={`handout-${name}`}>{title}</b>}>
              {minutes} min
              <br />
              {PAGES.map(([page, label]) => (
                <LinkButton
                  key={page}
                  className="link under"
                  aria-describedby={`handout-${name}`}
                  onClick={() => read(`${page}-${name}`)}
                >
                  {label}
                </LinkButton>
              ))}
            </LessonRow>
          );
        })}
      </ol>
    </main>
  );
}

interface LessonRowProps {
  readonly entry: LessonEntry;
  readonly marked?: boolean;
  /** Its title, with what it opens if it is pressed. */
  readonly head: ReactNode;
  /** At its right end. */
  readonly children: ReactNode;
  readonly id?: string;
}

/** A lesson in a list: number, picture, title and question. */
function LessonRow({ entry: { name, question, Picture }, marked = false, head, children, id }: LessonRowProps) {
  return (
    <li className={marked ? 'row here' : 'row'} aria-current={marked || undefined}>
      <span className="muted at-right n" aria-hidden="true">
        {numberOf(name)}
      </span>
      <span className="picture">
        <Picture />
      </span>
      <span className="what">
        {head}
        <span className="muted">{question}</span>
      </span>
      <span className="soft at-right" id={id}>
        {children}
      </span>
    </li>
  );
}
