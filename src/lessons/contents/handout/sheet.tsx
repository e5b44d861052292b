import { type ReactNode, Suspense } from 'react';
import { CHARTS } from '../../../charts/charts.ts';
import { QrCode } from '../../../class/ui/qr-code.tsx';
import { LabContainer } from '../../../kit/media.tsx';
import type { State } from '../../../state/state.ts';
import { ChartFigure } from '../../../ui/figures/chart-figure.tsx';
import { FrozenLab, useGetLab, useLab } from '../../../ui/page.tsx';
import { Strip } from '../../../ui/strip/strip.tsx';
import { numberOf } from '../../list.ts';
import { LimitsOf, SymbolText } from '../../pane/prose.tsx';
import { LessonValuesProvider, useLessonValues } from '../../pane/values.tsx';
import { chartsOf, type Lesson, type LessonEntry, type Question, type Step } from '../../step.tsx';
import { LessonNotes } from '../notes-page.tsx';
import type { StepRecord } from './record.tsx';

interface SheetProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
  readonly records: ReadonlyMap<Step, StepRecord>;
  readonly answers: boolean;
  readonly notes: boolean;
}

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
            <LessonNotes entry={entry} />
          </Suspense>
        </section>
      )}
    </article>
  );
}

interface StepProps {
  readonly n: number;
  readonly step: Step;
  /** The figure is that of the step before and is not repeated. */
  readonly same: boolean;
  readonly recorded: StepRecord | null;
}

function OneStep({ n, step, same, recorded }: StepProps) {
  const { title, Text, figure, guess, act, questions, Foot } = step;
  return (
    // Separate values per step: the figure of one does not turn that of another.
    <LessonValuesProvider begins={step.values}>
      <section className="step prose">
        <h3>
          {n}. <SymbolText>{title}</SymbolText>
        </h3>
        <RecordedLab state={recorded?.begun}>{Text}</RecordedLab>
        {guess && (
          <div className="try">
            <p>
              <b>Your guess.</b> {guess.Ask}
            </p>
            <Boxes labels={Object.values(guess.options)} />
          </div>
        )}
        <RecordedLab state={recorded?.done ?? recorded?.begun}>
          {figure?.place !== 'lab' && recorded && <LabPicture step={step} charts={!figure} />}
          {figure && !same && (
            <div className="figure-slot" data-place={figure.place}>
              <figure.Figure />
            </div>
          )}
        </RecordedLab>
        {act && (
          <div className="try">
            <p>
              <b>Try it.</b> <RecordedLab state={recorded?.begun}>{act.Ask}</RecordedLab>
            </p>
            {act.Seen && recorded?.done ? (
              <div className="seen">
                <RecordedLab state={recorded.done}>{act.Seen}</RecordedLab>
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
                <p>{question.Ask}</p>
                <Room question={question} />
              </li>
            ))}
          </ol>
        )}
        <LimitsOf step={step} />
        {Foot}
      </section>
    </LessonValuesProvider>
  );
}

function Room({ question }: { readonly question: Question }) {
  if (question.kind === 'choice') return <Boxes labels={Object.keys(question.options)} />;
  return <p className="write" />;
}

function Boxes({ labels }: { readonly labels: readonly string[] }) {
  return (
    <ul className="boxes">
      {labels.map((label) => (
        <li key={label}>
          <SymbolText>{label}</SymbolText>
        </li>
      ))}
    </ul>
  );
}

interface AnswersProps {
  readonly lesson: Lesson;
  readonly records: ReadonlyMap<Step, StepRecord>;
}

function Answers({ lesson: { steps }, records }: AnswersProps) {
  return (
    <section className="answers prose">
      <h3>Answers</h3>
      {steps.map((step, i) => {
        const { guess, questions } = step;
        if (!guess && !questions) return null;
        const recorded = records.get(step);
        return (
          <LessonValuesProvider key={step.title}>
            <RecordedLab state={recorded?.done ?? recorded?.begun}>
              <h4>
                {i + 1}. <SymbolText>{step.title}</SymbolText>
              </h4>
              {guess && <div className="result">{guess.Result('')}</div>}
              {questions && (
                <ol>
                  {questions.map((question, n) => (
                    <li key={n}>
                      <Answer question={question} />
                    </li>
                  ))}
                </ol>
              )}
            </RecordedLab>
          </LessonValuesProvider>
        );
      })}
    </section>
  );
}

function Answer({ question }: { readonly question: Question }) {
  const now = useGetLab();
  const values = useLessonValues();
  switch (question.kind) {
    case 'choice':
      return (
        <>
          <b>
            <SymbolText>{`${question.right}.`}</SymbolText>
          </b>{' '}
          <SymbolText>{question.options[question.right]}</SymbolText>
        </>
      );
    case 'number':
      return question.shown(question.answer(now(), values));
    case 'lab':
      return (
        <>
          <b>On the lab.</b> {question.hint}
        </>
      );
    default:
      return question satisfies never;
  }
}

interface LabPictureProps {
  readonly step: Step;
  /** Whether a chart that the step marks is below the matrices. */
  readonly charts: boolean;
}

/** The matrices of a step, or the chart that it marks, as the lab draws them. */
function LabPicture({ step, charts }: LabPictureProps) {
  const { title, shows = [], marks = [] } = step;
  const session = useLab((s) => s.session);
  const marked = charts ? CHARTS.filter(({ name }) => chartsOf(step).includes(name)) : [];
  const strip = marked.length === 0 || [...shows, ...marks].some((at) => at.startsWith('.hero'));
  return (
    <LabContainer session={session} label={`The lab at the step ${title}`}>
      {strip && <Strip />}
      {marked.length > 0 && (
        <section className="charts" aria-label="Charts">
          {marked.map((chart) => (
            <ChartFigure key={chart.name} chart={chart} />
          ))}
        </section>
      )}
    </LabContainer>
  );
}

/** Children that see the lab in the recorded state; in the current one if nothing was recorded. */
function RecordedLab({ state, children }: { readonly state?: State; readonly children: ReactNode }) {
  return state ? <FrozenLab state={state}>{children}</FrozenLab> : children;
}
