import { useId, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Radios } from '../../kit/choice.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { SymbolText } from '../pane/prose.tsx';
import { progressIn } from '../state/progress.ts';
import { RECALLS } from './recall.ts';

interface RecallFormProps {
  readonly lesson: string;
  /** 0 at its end, 1 before a later one. */
  readonly time: 0 | 1;
  /** Added to the explanation. */
  readonly note?: string;
}

/** Asked once each time: the first answer counts, and is kept. */
export function RecallForm({ lesson, time, note = '' }: RecallFormProps) {
  const { ask, options, right, why } = RECALLS[lesson][time];
  const answered = useLab((s) => progressIn(s.progress, lesson).recalls.at(time) ?? null);
  const [chosen, setChosen] = useState<string | null>(null);
  const dispatch = useDispatch();
  const now = useGetLab();
  const id = useId();
  const check = () => {
    const { recalls } = progressIn(now().progress, lesson);
    const changes = { recalls: [...recalls.slice(0, time), chosen === right] };
    dispatch({ type: 'studied', lesson, changes });
  };
  const label = (option: string) => (
    <>
      <SymbolText>{option}</SymbolText>
      {answered && option === right && <b className="right-answer">Right.</b>}
    </>
  );
  return (
    <div className="question">
      <p id={id}>
        <SymbolText>{ask}</SymbolText>
      </p>
      <Radios
        aria-labelledby={id}
        className="options"
        options={options.map((option) => [option, <span key={option}>{label(option)}</span>])}
        value={answered ? right : chosen}
        onChange={(option) => answered === null && setChosen(option)}
      />
      {answered === null && (
        <Button className="btn main" disabled={chosen === null} onClick={check}>
          Check
        </Button>
      )}
      <p role="status" className="why">
        {answered === false && (
          <>
            <b>Not quite.</b> It is {right}.{' '}
          </>
        )}
        {answered !== null && <SymbolText>{`${why}${note && ` ${note}`}`}</SymbolText>}
      </p>
    </div>
  );
}
