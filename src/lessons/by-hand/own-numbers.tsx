import { useId, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { useDispatch, useGetLab } from '../../ui/page.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { progressIn } from '../state/progress.ts';
import { ASKED, EXAMPLE, type ExampleInputs, MOST_READERS, NUMBERS, numbersOf, OWN } from './worked-example.ts';

const ASKED_QUESTIONS = Object.values(ASKED).map(({ question }) => question);

/**
 * Numbers of the reader's own for the whole lesson: drawn from the number of a list, so that every student of a class
 * has others and a teacher can see them, too, or kept from what was typed. B is zero in all of them.
 */
export function OwnNumbers() {
  const [own, setOwn] = useLessonValue(OWN);
  const [typed, setTyped] = useLessonValue(NUMBERS);
  const [text, setText] = useState('');
  const [said, say] = useState('Each step, its worked line and its question follow them; handout and key do not.');
  const [fault, setFault] = useState(false);
  const dispatch = useDispatch();
  const now = useGetLab();
  const id = useId();
  const take = (numbers: ExampleInputs | null, words: string) => {
    setOwn(numbers);
    setTyped(null);
    // What was answered with other numbers is asked again.
    const right = progressIn(now().progress, 'by-hand').right.filter((one) => !ASKED_QUESTIONS.includes(one));
    dispatch({ type: 'studied', lesson: 'by-hand', changes: { right } });
    say(words);
    setFault(false);
  };
  const draw = () => {
    const reader = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
    if (reader >= 1 && reader <= MOST_READERS)
      return take(numbersOf(reader), `These are the numbers of ${reader}, in every step and every question.`);
    setFault(true);
    say(`Type a whole number from 1 to ${MOST_READERS}.`);
  };
  return (
    <details className="own-numbers">
      <summary>Numbers of your own</summary>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          draw();
        }}
      >
        <label htmlFor={id}>Your number on the list, 1 to {MOST_READERS}</label>
        <input
          id={id}
          className="num"
          type="text"
          inputMode="numeric"
          autoComplete="off"
          aria-invalid={fault || undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="btn">
          Use my numbers
        </button>
        <Button
          disabled={typed === null}
          onClick={() =>
            typed && take({ ...typed, B: EXAMPLE.B }, 'What you typed is in every step. B begins at zero.')
          }
        >
          Keep what I typed
        </Button>
        <Button disabled={own === null} onClick={() => take(null, 'The numbers are those of the example again.')}>
          Back to the example
        </Button>
      </form>
      <p role="status" className={fault ? 'wrong' : undefined}>
        {said}
      </p>
    </details>
  );
}
