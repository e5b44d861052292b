import { Suspense } from 'react';
import { QrCode } from '../../../class/ui/qr-code.tsx';
import { numberOf } from '../../list.ts';
import { InSymbols } from '../../pane/prose.tsx';
import { ValuesOfLesson } from '../../pane/values.tsx';
import type { Lesson, LessonEntry, Question, Step } from '../../step.tsx';
import { NotesOf } from '../notes-page.tsx';
import { Answers } from './answers.tsx';
import { At } from './at.tsx';
import { LabPicture } from './lab-picture.tsx';
import type { StepRecord } from './record.tsx';

interface SheetProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
  readonly records: ReadonlyMap<Step, StepRecord>;
  readonly answers: boolean;
  readonly notes: boolean;
}

/** One lesson on paper: its steps one below the other, then the answers. */
export function Sheet({ entry, lesson, records, answers, notes }: SheetProps) {
  const { name, title, question, minutes } = entry;
  const link = new URL(`#v=1&lesson=${name}`, location.href).href;
  return (
    <article className="sheet lesson" aria-label={title}>
      <header>
        <div>
          <p className="of">
            LoRA Explorer · lesson {numberOf(name)} · about {minutes} minutes
          </p>
          <h2>{title}</h2>
          <p className="question">{question}</p>
        </div>
        <figure className="code">
          <QrCode text={link} of="this lesson" />
          <figcaption>{link}</figcaption>
        </figure>
      </header>
      {lesson.steps.map((step, i) => (
        <OneStep
          key={step.title}
          n={i + 1}
          step={step}
          same={step.figure !== undefined && step.figure.Figure === lesson.steps[i - 1]?.figure?.Figure}
          recorded={records.get(step) ?? null}
        />
      ))}
      {answers && <Answers lesson={lesson} records={records} />}
      {notes && (
        <section className="for-teachers">
          <h3>Notes for teachers</h3>
          <Suspense>
            <NotesOf entry={entry} />
          </Suspense>
        </section>
      )}
    </article>
  );
}

interface StepProps {
  readonly n: number;
  readonly step: Step;
  /** Its figure is that of the step before, and stands there. */
  readonly same: boolean;
  readonly recorded: StepRecord | null;
}

function OneStep({ n, step, same, recorded }: StepProps) {
  const { title, Text, figure, guess, act, questions, Limits, Foot } = step;
  return (
    // Each step with values of its own: the figure of one does not turn that of another.
    <ValuesOfLesson>
      <section className="step prose">
        <h3>
          {n}. <InSymbols>{title}</InSymbols>
        </h3>
        <At state={recorded?.begun}>
          <Text />
        </At>
        {guess && (
          <div className="try">
            <p>
              <b>Your guess.</b> <guess.Ask />
            </p>
            <Boxes labels={guess.options.map(({ label }) => label)} />
          </div>
        )}
        <At state={recorded?.done ?? recorded?.begun}>
          {figure?.place !== 'lab' && recorded && <LabPicture step={step} charts={!figure} />}
          {figure && !same && (
            <div className="figure-slot" data-place={figure.place}>
              <figure.Figure />
            </div>
          )}
        </At>
        {act && (
          <div className="try">
            <p>
              <b>Try it.</b>{' '}
              <At state={recorded?.begun}>
                <act.Ask />
              </At>
            </p>
            {act.Seen && recorded?.done ? (
              <div className="seen">
                <At state={recorded.done}>
                  <act.Seen />
                </At>
              </div>
            ) : (
              <p className="write" />
            )}
          </div>
        )}
        {questions && (
          <ol className="quiz">
            {questions.map((question, i) => (
              <li key={i}>
                <p>
                  <question.Ask />
                </p>
                <Room question={question} />
              </li>
            ))}
          </ol>
        )}
        {Limits && (
          <div className="limits">
            <p>
              <b>Limits.</b> <Limits />
            </p>
          </div>
        )}
        {Foot && <Foot />}
      </section>
    </ValuesOfLesson>
  );
}

/** Where an answer is written. */
function Room({ question }: { readonly question: Question }) {
  if (question.kind === 'choice') return <Boxes labels={question.options.map(({ label }) => label)} />;
  return <p className="write" />;
}

function Boxes({ labels }: { readonly labels: readonly string[] }) {
  return (
    <ul className="boxes">
      {labels.map((label) => (
        <li key={label}>
          <InSymbols>{label}</InSymbols>
        </li>
      ))}
    </ul>
  );
}
