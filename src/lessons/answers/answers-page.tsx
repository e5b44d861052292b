import '../../class/ui/wall/wall.css';
import './answers.css';
import { type ReactNode, Suspense, use, useMemo, useState } from 'react';
import { tableCsv } from '../../charts/drawing/columns.ts';
import { AddRuns } from '../../class/ui/wall/add-runs.tsx';
import { REHEARSE, useWall, useWallOrder } from '../../class/ui/wall/use-wall.ts';
import { Button, LinkButton, Select } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { Notices } from '../../ui/notices/notices.tsx';
import { Press, useDispatch } from '../../ui/page.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { lessonText } from '../pane/lesson-parts.ts';
import { SymbolText } from '../pane/prose.tsx';
import { LessonValuesProvider } from '../pane/values.tsx';
import type { LessonEntry, Question } from '../step.tsx';
import { type AnswerRow, hardest, judgeAnswer, markOf, mistakesIn, questionsOf, rightIn } from './judge.ts';

type AnsweredWall = ReturnType<typeof useWall>;

/** The first answers of a class to the questions of a lesson: names by questions, and the mistakes behind them. */
export default function AnswersPage() {
  const shown = useWall();
  const { wall } = shown;
  const order = useWallOrder();
  const [adding, setAdding] = useState(false);
  const [chosen, choose] = useState('');
  const answered = LESSONS.filter(({ name }) =>
    wall.entries.some(({ answers }) => answers.some(({ lesson }) => lesson === name)),
  );
  const entry = answered.find(({ name }) => name === chosen) ?? answered[0];
  return (
    <main id="main" tabIndex={-1} className="wall answers-page">
      <Notices />
      {wall.example && (
        <div className="notice">
          <span className="said">
            <b>Example class.</b> Names and answers are made up. Rehearse here; it is never mixed with your class.
          </span>
          <span className="acts">
            <LinkButton onClick={() => order('leave')}>Leave the example</LinkButton>
          </span>
        </div>
      )}
      {entry ? (
        <LessonValuesProvider>
          <Suspense fallback={<p className="note">Loading …</p>}>
            <LessonAnswers key={entry.name} entry={entry} shown={shown}>
              {answered.length > 1 && (
                <Select
                  className="pick"
                  aria-label="Lesson"
                  options={answered.map(({ name, title }): [string, string] => [name, `${numberOf(name)} · ${title}`])}
                  value={entry.name}
                  onChange={choose}
                />
              )}
              <Button aria-expanded={adding} onClick={() => setAdding(!adding)}>
                Add links …
              </Button>
            </LessonAnswers>
          </Suspense>
        </LessonValuesProvider>
      ) : (
        <>
          <h2 className="page-title">No answers yet</h2>
          <p className="lead">
            Answers come with the link that students hand in: a letter or a number for each question, as they answered
            it first. Paste the links here or on the wall; both fill.
          </p>
        </>
      )}
      {(adding || !entry) && <AddRuns first={!entry} done={() => setAdding(false)} />}
      {!entry && wall.entries.length > 0 && (
        <p>
          {wall.entries.length} handed in without answers.{' '}
          <Press className="link under" event={REHEARSE}>
            Rehearse
          </Press>
        </p>
      )}
    </main>
  );
}

interface LessonAnswersProps {
  readonly entry: LessonEntry;
  readonly shown: AnsweredWall;
  readonly children: ReactNode;
}

/** A row a name: who hands in again under one name counts with the latest answers. */
function rowsOf({ wall, names }: AnsweredWall, lesson: string, questions: readonly Question[]) {
  const mark = markOf(questions);
  const rows = new Map<string, AnswerRow>();
  let others = 0;
  for (const { id, answers } of wall.entries) {
    const sheet = answers.find((one) => one.lesson === lesson);
    const name = names.get(id) ?? '';
    if (sheet && sheet.mark !== '' && sheet.mark !== mark) others++;
    else if (sheet) rows.set(name, { name, answers: questions.map((one, i) => judgeAnswer(one, sheet.given[i])) });
  }
  return { rows: [...rows.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })), others };
}

function LessonAnswers({ entry, shown, children }: LessonAnswersProps) {
  const { lesson } = use(lessonText(entry));
  const questions = useMemo(() => questionsOf(lesson.steps), [lesson]);
  const { rows, others } = useMemo(() => rowsOf(shown, entry.name, questions), [shown, entry, questions]);
  const order = useWallOrder();
  const dispatch = useDispatch();
  const [picked, pick] = useState<number | null>(null);
  const least = hardest(rows, questions.length);
  const at = picked ?? least;
  const all = rightIn(rows, least) === rows.length;
  const step = lesson.steps.findIndex(({ questions: own = [] }) => own.includes(questions[at]));
  const read = (page: string, to = 1) => dispatch({ type: 'viewed', changes: { view: 'lab', lesson: page, step: to } });
  const save = () =>
    order({
      of: 'answers',
      table: tableCsv(
        {
          columns: ['name', ...questions.flatMap((_, i) => [`question ${i + 1}`, `question ${i + 1} right`])],
          rows: rows.map(({ name, answers }) => [
            name,
            ...answers.flatMap(({ how, text }) => [text, how === 'none' ? null : Number(how === 'right')]),
          ]),
        },
        [
          `LoRA Explorer: first answers to lesson ${numberOf(entry.name)}, ${entry.title}`,
          ...(shown.wall.example ? ['example class: names and answers are made up'] : []),
        ],
      ),
    });
  return (
    <>
      <div className="ends wrap space-below">
        <h2 className="page-title">
          {all
            ? `Everybody has all of lesson ${numberOf(entry.name)} right.`
            : `Question ${least + 1} is the one to talk about: ${rightIn(rows, least)} of ${rows.length} have it right.`}
        </h2>
        <span className="row">
          {children}
          <Button onClick={save}>Table (CSV)</Button>
        </span>
      </div>
      <div className="split answers-columns">
        <div className="scrolls">
          <DataTable
            className="numbers ruled"
            caption={<span className="unseen">First answers, a row a name</span>}
            rows={rows}
            keyOf={({ name }) => name}
            columns={[
              { key: 'name', head: `Lesson ${numberOf(entry.name)}`, cell: ({ name }: AnswerRow) => name },
              ...questions.map((question, i) => ({
                key: String(i),
                className: i === at ? 'at' : undefined,
                head: (
                  <QuestionHead
                    n={i + 1}
                    question={question}
                    right={rightIn(rows, i)}
                    of={rows.length}
                    at={i === at}
                    onPick={() => pick(i)}
                  />
                ),
                cell: ({ answers }: AnswerRow) => <Cell {...answers[i]} />,
              })),
            ]}
          />
          {others > 0 && (
            <p className="note">
              {others === 1 ? '1 sheet answers' : `${others} sheets answer`} other questions, of another build of this
              page, and {others === 1 ? 'is' : 'are'} left out.
            </p>
          )}
        </div>
        <aside className="question-aside" aria-labelledby="question-at">
          <h3 id="question-at">
            {at + 1} {questions[at].Ask}
          </h3>
          <Groups rows={rows} at={at} />
          <p className="row">
            <Button className="btn main" onClick={() => read(entry.name, step + 1)}>
              Open this question
            </Button>
            <Button onClick={() => read(`key-${entry.name}`)}>Answer key</Button>
          </p>
          <p className="note space-above">
            Answers come with the link that students hand in: a letter or a number for each question, as they answered
            it first. Paste the links here or on the wall; both fill.
          </p>
        </aside>
      </div>
    </>
  );
}

interface QuestionHeadProps {
  readonly n: number;
  readonly question: Question;
  readonly right: number;
  readonly of: number;
  readonly at: boolean;
  readonly onPick: () => void;
}

function QuestionHead({ n, question, right, of, at, onPick }: QuestionHeadProps) {
  return (
    <button type="button" aria-pressed={at} onClick={onPick}>
      <span className="clamp soft">
        <b>{n}</b> {question.Ask}
      </span>
      <span className="share">
        <progress value={right} max={of} aria-label="right" /> {right} of {of}
      </span>
    </button>
  );
}

function Cell({ how, text }: AnswerRow['answers'][number]) {
  if (how === 'none') return '–';
  if (how === 'right')
    return (
      <span className="right" role="img" aria-label="right">
        ✓
      </span>
    );
  return <SymbolText>{text}</SymbolText>;
}

function Groups({ rows, at }: { readonly rows: readonly AnswerRow[]; readonly at: number }) {
  const groups = mistakesIn(rows.map(({ answers }) => answers[at]));
  const none = rows.filter(({ answers }) => answers[at].how === 'none').length;
  return (
    <ul className="mistakes space-above far-below">
      {groups.map(({ how, text, why, count }) => (
        <li key={text} data-how={how}>
          <span className="given">
            <SymbolText>{text}</SymbolText>
          </span>
          <span>
            <SymbolText>{why}</SymbolText>
          </span>
          <b>{count}</b>
        </li>
      ))}
      {none > 0 && (
        <li>
          <span className="given">–</span>
          <span>not answered</span>
          <b>{none}</b>
        </li>
      )}
    </ul>
  );
}
