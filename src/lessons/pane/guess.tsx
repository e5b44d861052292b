import { useId, useState } from 'react';
import { Radios } from '../../kit/choice.tsx';
import { useDispatch, useNow, useShown } from '../../ui/page.tsx';
import { studiedOf } from '../state/progress.ts';
import type { Guess } from '../step.tsx';
import { InSymbols } from './prose.tsx';

interface GuessProps {
  readonly lesson: string;
  readonly guess: Guess;
}

/** A prediction: the reader chooses, or would rather not; then what comes out stands beside the choice. */
export function Predict({ lesson, guess: { name, Ask, options, Result } }: GuessProps) {
  const guessed = useShown((s) => studiedOf(s.progress, lesson).guesses[name]);
  const [chosen, setChosen] = useState('');
  const dispatch = useDispatch();
  const now = useNow();
  const id = useId();
  const keep = (value: string | null) => {
    const { [name]: _, ...others } = studiedOf(now().progress, lesson).guesses;
    dispatch({ type: 'studied', lesson, changes: { guesses: value === null ? others : { ...others, [name]: value } } });
  };
  // What was kept on the device may be a guess that is on offer no longer: then none was made.
  const option = options.find(({ value }) => value === guessed);
  return (
    <div className="try guess">
      <p id={id}>
        <b>Your guess.</b> <Ask />
      </p>
      {guessed === undefined ? (
        <>
          <Radios
            aria-labelledby={id}
            className="options"
            options={options.map(({ value, label }) => [value, <InSymbols key={value}>{label}</InSymbols>])}
            value={chosen}
            onChange={setChosen}
          />
          <div className="row">
            <button type="button" className="btn main" disabled={chosen === ''} onClick={() => keep(chosen)}>
              Show what happens
            </button>
            <button type="button" className="link" onClick={() => keep('')}>
              I would rather not guess
            </button>
          </div>
        </>
      ) : (
        option && (
          <p className="guessed">
            You guessed:{' '}
            <b>
              <InSymbols>{option.label}</InSymbols>
            </b>
            .{' '}
            <button type="button" className="link" onClick={() => keep(null)}>
              Guess again
            </button>
          </p>
        )
      )}
      <div role="status" className="seen">
        {guessed !== undefined && <Result guess={option?.value ?? ''} />}
      </div>
    </div>
  );
}
