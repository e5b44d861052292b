import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { numberAnswer, withFirstTry } from '../../experiment/plan/answers.ts';
import { Button, LinkButton, optionsOf, Radios } from '../../kit/button.tsx';
import { readings } from '../../kit/number-field.tsx';
import { RankSlider } from '../../ui/controls/numeric.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { choiceAnswer, labAnswer, markOf, questionsOf, SHOWN_ANSWER } from '../answers/judge.ts';
import { progressIn } from '../state/progress.ts';
import { type Act, type Guess, type Question, type Step, stepEvents } from '../step.tsx';
import { SymbolText } from './prose.tsx';
import { useLessonValues } from './values.tsx';

interface PredictionFormProps {
  readonly lesson: string;
  readonly guess: Guess;
}

/** A prediction: the reader chooses, or skips; then the outcome is shown with the choice. */
export function PredictionForm({ lesson, guess: { name, Ask, options, Result } }: PredictionFormProps) {
  const guessed = useLab((s) => progressIn(s.progress, lesson).guesses[name]);
  const [chosen, setChosen] = useState('');
  const dispatch = useDispatch();
  const now = useGetLab();
  const id = useId();
  const keep = (value: string | null) => {
    const { [name]: _, ...others } = progressIn(now().progress, lesson).guesses;
    dispatch({ type: 'studied', lesson, changes: { guesses: value === null ? others : { ...others, [name]: value } } });
  };
  // A guess kept on the device that is no longer an option counts as none.
  const offered = guessed !== undefined && Object.hasOwn(options, guessed);
  return (
    <div className="try guess">
      <p id={id}>
        <b>Your guess.</b> {Ask}
      </p>
      {guessed === undefined ? (
        <>
          <Radios
            aria-labelledby={id}
            className="options"
            options={optionsOf(options).map(([value, label]) => [value, <SymbolText key={value}>{label}</SymbolText>])}
            value={chosen}
            onChange={setChosen}
          />
          <div className="row">
            <Button className="btn main" disabled={chosen === ''} onClick={() => keep(chosen)}>
              Check my guess
            </Button>
            <LinkButton onClick={() => keep('')}>Skip the guess</LinkButton>
          </div>
        </>
      ) : (
        offered && (
          <p className="guessed">
            You guessed:{' '}
            <b>
              <SymbolText>{options[guessed]}</SymbolText>
            </b>
            . <LinkButton onClick={() => keep(null)}>Guess again</LinkButton>
          </p>
        )
      )}
      <div role="status" className="seen">
        {guessed !== undefined && Result(offered ? guessed : '')}
      </div>
    </div>
  );
}

/** The name of a step's question in the progress; both count from 0. */
export const questionName = (step: number, question: number): string => `${step}.${question}`;

/** If the lab is below the text, scrolls the pressed control to the top, so that the effect is in sight. */
function bringBelow(pressed: Element | null, shows: readonly string[]): void {
  const lesson = pressed?.closest('.lesson');
  if (!lesson || getComputedStyle(lesson).position !== 'static') return;
  if (shows.some((at) => (document.querySelector(at)?.getBoundingClientRect().bottom ?? 0) > window.innerHeight))
    pressed?.scrollIntoView({ block: 'start' });
}

interface StepActProps {
  readonly act: Act;
  readonly shows: readonly string[];
  readonly seen: boolean;
}

/** The act of a step: a button or a live control in the text, and the observation once it is done. */
export function StepAct({ act, shows, seen }: StepActProps) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const place = useRef<HTMLDivElement>(null);
  const { label, does } = act;
  const press = () => {
    bringBelow(place.current, shows);
    for (const event of does?.(now()) ?? []) dispatch(event);
  };
  return (
    <div ref={place} className="try">
      <p>
        <b>Try it.</b> {act.Ask}
      </p>
      {act.Control}
      {act.rank && <RankSlider />}
      {label !== undefined && <Button onClick={press}>{label}</Button>}
      <div role="status" className="seen">
        {seen ? act.Seen : act.Status}
      </div>
    </div>
  );
}

interface QuizProps {
  readonly lesson: string;
  readonly steps: readonly Step[];
  /** From 0. */
  readonly step: number;
  /** The name of the question whose Check is the main action; null: none. */
  readonly main: string | null;
}

export function Quiz({ lesson, steps, step, main }: QuizProps) {
  const all = useMemo(() => questionsOf(steps), [steps]);
  const mark = useMemo(() => markOf(all), [all]);
  const before = questionsOf(steps.slice(0, step)).length;
  const keep = (first: string, at: number, answer: string) =>
    withFirstTry(first, mark, before + at, all.length, answer);
  return (
    <ol className="quiz">
      {questionsOf([steps[step]]).map((question, i) => (
        <li key={i}>
          <One
            lesson={lesson}
            name={questionName(step, i)}
            question={question}
            main={questionName(step, i) === main}
            keep={(first, answer) => keep(first, i, answer)}
          />
        </li>
      ))}
    </ol>
  );
}

interface OneProps {
  readonly lesson: string;
  readonly name: string;
  readonly question: Question;
  readonly main: boolean;
  /** The first tries of the lesson with this answer, if it is the first one. */
  readonly keep: (first: string, answer: string) => string;
}

interface Verdict {
  /** `told`: a hint or the solution, with no answer judged. */
  readonly how: 'right' | 'wrong' | 'told';
  readonly says: string;
}

const HEADS = { right: 'Right. ', wrong: 'Not quite. ', told: '' } as const;
const judged = (right: boolean, says: string): Verdict => ({ how: right ? 'right' : 'wrong', says });
const hintVerdict = (says: string): Verdict => ({ how: 'told', says });

function One({ lesson, name, question, main, keep }: OneProps) {
  const known = useLab((s) => progressIn(s.progress, lesson).right.includes(name));
  const dispatch = useDispatch();
  const now = useGetLab();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const answered = (found: Verdict, answer?: string) => {
    setVerdict(found);
    const { right, first = '' } = progressIn(now().progress, lesson);
    if (answer !== undefined) dispatch({ type: 'studied', lesson, changes: { first: keep(first, answer) } });
    if (found.how === 'right' && !right.includes(name))
      dispatch({ type: 'studied', lesson, changes: { right: [...right, name] } });
  };
  const id = useId();
  const Form = FORMS[question.kind] as (props: FormProps<Question>) => ReactNode;
  return (
    <div className="question">
      <p id={id}>
        {question.Ask}
        {known && <span className="right"> ✓ answered</span>}
      </p>
      <Form question={question} label={id} answered={answered} check={main ? 'btn main' : 'btn'} />
      <p role="status" className="seen">
        {verdict && (
          <>
            <b>{HEADS[verdict.how]}</b>
            <SymbolText>{verdict.says}</SymbolText>
          </>
        )}
      </p>
    </div>
  );
}

interface FormProps<Q extends Question> {
  readonly question: Q;
  readonly label: string;
  /** `answer`: as a link has it; undefined if only a hint was asked for. */
  readonly answered: (verdict: Verdict, answer?: string) => void;
  /** Classes of the button that checks. */
  readonly check: string;
}

type QuestionOf<K extends Question['kind']> = Extract<Question, { kind: K }>;

function Choice({ question: { options, right }, label, answered, check: className }: FormProps<QuestionOf<'choice'>>) {
  const [chosen, setChosen] = useState<string | null>(null);
  const check = () => {
    if (chosen !== null) answered(judged(chosen === right, options[chosen]), choiceAnswer(options, chosen));
  };
  return (
    <>
      <Radios
        aria-labelledby={label}
        className="options"
        options={Object.keys(options).map((option) => [option, <SymbolText key={option}>{option}</SymbolText>])}
        value={chosen}
        onChange={setChosen}
      />
      <Button className={className} disabled={chosen === null} onClick={check}>
        Check
      </Button>
    </>
  );
}

/** Every reading of an answer, the likeliest first: "0.75", "3/4", and "3,675" as thousands or as a decimal. */
function answersFrom(text: string): readonly number[] {
  const [over, under, ...more] = text.split('/').map(readings);
  if (under === undefined) return over;
  return more.length > 0 ? [] : over.flatMap((n) => under.map((m) => n / m));
}

function NumberForm({ question, label, answered, check: className }: FormProps<QuestionOf<'number'>>) {
  const { answer, own, within, why, hint, shown } = question;
  const [text, setText] = useState('');
  const now = useGetLab();
  const values = useLessonValues();
  const check = () => {
    const truth = answer(now(), values);
    const isRight = (one: number) => Math.abs(one - truth) <= within;
    const read = answersFrom(text);
    const given = read.find(isRight) ?? read[0];
    if (given === undefined) return answered(hintVerdict('Type a number, such as 0.5 or 1/2.'));
    const right = isRight(given);
    const kept = own?.(values) ? labAnswer(right) : numberAnswer(given);
    answered(judged(right, right ? shown(truth) : why(given, truth)), kept);
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
    >
      <input
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-labelledby={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={className}>
        Check
      </button>
      <LinkButton onClick={() => answered(hintVerdict(hint))}>Hint</LinkButton>
      <LinkButton onClick={() => answered(hintVerdict(shown(answer(now(), values))), SHOWN_ANSWER)}>Show me</LinkButton>
    </form>
  );
}

function OnTheLab({ question: { check, hint, link }, answered, check: className }: FormProps<QuestionOf<'lab'>>) {
  const now = useGetLab();
  const dispatch = useDispatch();
  const values = useLessonValues();
  const setUp = () => {
    for (const event of stepEvents({ link, begins: 'trained' }, now())) dispatch(event);
  };
  const checkLab = () => {
    const { right, says } = check(now(), values);
    answered(judged(right, says), labAnswer(right));
  };
  return (
    <div className="row">
      {link !== undefined && <Button onClick={setUp}>Set up the lab</Button>}
      <Button className={className} onClick={checkLab}>
        Check my setting
      </Button>
      <LinkButton onClick={() => answered(hintVerdict(hint))}>Hint</LinkButton>
    </div>
  );
}

const FORMS = { choice: Choice, number: NumberForm, lab: OnTheLab } as const;
