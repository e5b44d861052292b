import './handout.css';
import { type ReactNode, Suspense, use, useMemo } from 'react';
import { QrCode } from '../../../class/ui/qr-code.tsx';
import { Button, LinkButton, optionsOf } from '../../../kit/button.tsx';
import { initialState } from '../../../state/state.ts';
import { FrozenLab } from '../../../ui/page.tsx';
import { truthOf } from '../../answers/judge.ts';
import { LESSONS, numberOf } from '../../list.ts';
import { lessonText } from '../../pane/lesson-parts.ts';
import { SymbolText } from '../../pane/prose.tsx';
import { LessonValuesProvider } from '../../pane/values.tsx';
import type { Guess, Lesson, LessonEntry, Question } from '../../step.tsx';
import { useLessonOpener } from '../reader.tsx';
import { IsKey, KeyOnly } from './paper.tsx';
import { TASKS } from './tasks.tsx';

interface SheetProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
}

/** A lesson on one or two pages of A4: what to guess, to fill in and to answer; as a key, with all of that answered. */
export function Sheet({ entry: { name, title, question }, lesson: { steps } }: SheetProps) {
  const isKey = use(IsKey);
  const link = new URL(`#v=1&lesson=${name}`, location.origin + location.pathname).href;
  const { tasks, onThePage } = TASKS[name];
  const guesses = steps.flatMap(({ guess }) => guess ?? []);
  const questions = steps.flatMap((step) => step.questions ?? []);
  const onPage = questions.filter(({ kind }) => kind === 'lab');
  return (
    <article className="sheet lesson" aria-label={isKey ? `${title}: answer key` : title} data-key={isKey || undefined}>
      <header className="ends">
        <div className="grow">
          <p className="of">
            LoRA Explorer · lesson {numberOf(name)}
            {isKey ? ' · answer key, for teachers' : ''}
          </p>
          <h2 className="page-title">{title}</h2>
          {isKey ? <p className="question">{question}</p> : <p className="who">Name</p>}
        </div>
        <div className="code">
          <QrCode text={link} of="this lesson" />
        </div>
      </header>
      {guesses.map((guess) => (
        <section key={guess.name}>
          <h3>Guess first</h3>
          <Prediction guess={guess} />
        </section>
      ))}
      {tasks.map(({ title: head, Task }) => (
        <section key={head} className="task">
          <h3>
            <SymbolText>{head}</SymbolText>
          </h3>
          {Task}
        </section>
      ))}
      <section>
        <h3>Questions</h3>
        <ol className="quiz">
          {questions.map((one, i) => (
            <li key={i}>
              <p>{one.Ask}</p>
              <Answer question={one} onThePage={onThePage[onPage.indexOf(one)]} />
            </li>
          ))}
        </ol>
      </section>
    </article>
  );
}

function Prediction({ guess: { Ask, options, Result } }: { readonly guess: Guess }) {
  return (
    <>
      <p>{Ask}</p>
      {use(IsKey) ? (
        <div className="why">{Result('')}</div>
      ) : (
        <Boxes labels={optionsOf(options).map(([, text]) => text)} />
      )}
    </>
  );
}

interface BoxesProps {
  readonly labels: readonly string[];
  /** In the key: the right one, and the reply to each. */
  readonly right?: string;
  readonly reply?: (label: string) => ReactNode;
}

function Boxes({ labels, right, reply }: BoxesProps) {
  const isKey = use(IsKey);
  return (
    <ul className="boxes">
      {labels.map((label) => (
        <li key={label} data-right={(isKey && label === right) || undefined}>
          <SymbolText>{label}</SymbolText>
          <KeyOnly>
            <span className="why"> {reply?.(label)}</span>
          </KeyOnly>
        </li>
      ))}
    </ul>
  );
}

interface AnswerProps {
  readonly question: Question;
  /** For one that is answered on the page. */
  readonly onThePage: string | undefined;
}

function Answer({ question, onThePage = '' }: AnswerProps) {
  const isKey = use(IsKey);
  if (question.kind === 'choice') {
    const { options, right } = question;
    const reply = (label: string) => <SymbolText>{options[label]}</SymbolText>;
    return <Boxes labels={Object.keys(options)} right={right} reply={reply} />;
  }
  if (!isKey) return <p className="write">{question.kind === 'lab' && 'Do it on the page. My setting:'}</p>;
  if (question.kind === 'lab')
    return (
      <p className="filled">
        <SymbolText>{onThePage}</SymbolText>
      </p>
    );
  const truth = truthOf(question);
  return (
    <>
      <p className="filled">
        <SymbolText>{question.shown(truth)}</SymbolText>
      </p>
      <ul className="why">
        {usualMistakes(question, truth).map(([given, why]) => (
          <li key={why}>
            {given}: <SymbolText>{why}</SymbolText>
          </li>
        ))}
      </ul>
    </>
  );
}

type NumberQuestion = Extract<Question, { readonly kind: 'number' }>;

/** What the usual slips make of an answer: a factor, a sign, a share in place of its root. */
const SLIPS: readonly ((truth: number) => number)[] = [
  ...[1 / 2, 2, 1 / 4, 4, 1 / 8, 8, 12, 16, 32, 1 / 100, 100, -1].map((factor) => (truth: number) => factor * truth),
  (truth) => truth * truth,
  (truth) => 1 - truth * truth,
];
/** A factor that nobody slips by: the reply to it is the general one. */
const ODD = 1.37;
const MOST_MISTAKES = 2;

/** Wrong numbers to which the lesson has a reply of their own. */
export function usualMistakes(
  { why }: Pick<NumberQuestion, 'why'>,
  truth: number,
): readonly (readonly [string, string])[] {
  const general = [ODD * truth, truth / ODD].map((given) => why(given, truth));
  const found = new Map<string, string>();
  for (const slip of SLIPS) {
    const given = slip(truth);
    const reply = why(given, truth);
    if (given !== truth && !general.includes(reply) && !found.has(reply))
      found.set(reply, given.toLocaleString('en', { maximumSignificantDigits: 6 }).replace('-', '−'));
  }
  return [...found].slice(0, MOST_MISTAKES).map(([reply, given]) => [given, reply]);
}

interface HandoutProps {
  /** Its lesson; null: all. */
  readonly of: string | null;
  readonly page: 'handout' | 'key';
}

const WORDS = {
  handout: ['handout', 'One or two pages a lesson: pictures, blanks and questions, without any answer.'],
  key: ['answer key', 'The same pages with every blank and question answered, and the usual mistakes.'],
} as const;
const OTHER = { handout: 'key', key: 'handout' } as const;

/** Lessons on paper: the sheet for students, or its key. Neither depends on what this device has trained or guessed. */
export default function Handout({ of, page }: HandoutProps) {
  const read = useLessonOpener();
  const shown = LESSONS.filter(({ name }) => of === null || name === of);
  const [name, about] = WORDS[page];
  const link = (to: string) => (of === null ? to : `${to}-${of}`);
  return (
    <main id="main" tabIndex={-1} className="contents handout">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>
          {of === null ? 'All lessons' : `Lesson ${numberOf(of)}`}: {name}
        </h2>
        <p className="read">{about}</p>
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read(link(OTHER[page]))}>
              {page === 'handout' ? 'Answer key' : 'Handout'}
            </LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read(link('notes'))}>Notes for teachers</LinkButton>
          </li>
          {of !== null && (
            <li>
              <LinkButton onClick={() => read(of)}>Open lesson {numberOf(of)}</LinkButton>
            </li>
          )}
        </ul>
      </div>
      <Suspense fallback={<p className="note">Loading …</p>}>
        <IsKey value={page === 'key'}>
          <Pages entries={shown} />
        </IsKey>
      </Suspense>
    </main>
  );
}

function Pages({ entries }: { readonly entries: readonly LessonEntry[] }) {
  const lessons = entries.map((entry) => ({ entry, lesson: use(lessonText(entry)).lesson }));
  // Of no device: nothing trained, nothing guessed.
  const untouched = useMemo(() => initialState({ backend: null, stepper: null }), []);
  return (
    <div className="paper">
      <p className="to-print far-below">
        <Button className="btn main" onClick={() => print()}>
          Print
        </Button>
      </p>
      <FrozenLab state={untouched}>
        <LessonValuesProvider>
          {lessons.map(({ entry, lesson }) => (
            <Sheet key={entry.name} entry={entry} lesson={lesson} />
          ))}
        </LessonValuesProvider>
      </FrozenLab>
    </div>
  );
}
