import { useNow } from '../../../ui/page.tsx';
import { InSymbols } from '../../pane/prose.tsx';
import { useLessonValues, ValuesOfLesson } from '../../pane/values.tsx';
import type { Lesson, Question, Step } from '../../step.tsx';
import { At } from './at.tsx';
import type { StepRecord } from './record.tsx';

interface AnswersProps {
  readonly lesson: Lesson;
  readonly records: ReadonlyMap<Step, StepRecord>;
}

/** What comes out of each guess, and what each question wants. */
export function Answers({ lesson: { steps }, records }: AnswersProps) {
  return (
    <section className="answers prose">
      <h3>Answers</h3>
      {steps.map((step, i) => {
        const { guess, questions } = step;
        if (!guess && !questions) return null;
        const recorded = records.get(step);
        return (
          <ValuesOfLesson key={step.title}>
            <At state={recorded?.done ?? recorded?.begun}>
              <h4>
                {i + 1}. <InSymbols>{step.title}</InSymbols>
              </h4>
              {guess && (
                <div className="result">
                  <guess.Result guess="" />
                </div>
              )}
              {questions && (
                <ol>
                  {questions.map((question, n) => (
                    <li key={n}>
                      <Answer question={question} />
                    </li>
                  ))}
                </ol>
              )}
            </At>
          </ValuesOfLesson>
        );
      })}
    </section>
  );
}

function Answer({ question }: { readonly question: Question }) {
  const now = useNow();
  const values = useLessonValues();
  switch (question.kind) {
    case 'choice': {
      const right = question.options.find((one) => one.right);
      return (
        <>
          <b>
            <InSymbols>{`${right?.label}.`}</InSymbols>
          </b>{' '}
          <InSymbols>{right?.why ?? ''}</InSymbols>
        </>
      );
    }
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
