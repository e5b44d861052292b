import { type ReactNode, use } from 'react';
import { QrCode } from '../../../class/ui/qr-code.tsx';
import { optionsOf } from '../../../kit/choice.tsx';
import { truthOf } from '../../answers/judge.ts';
import { numberOf } from '../../list.ts';
import { SymbolText } from '../../pane/prose.tsx';
import type { Guess, Lesson, LessonEntry, Question } from '../../step.tsx';
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
