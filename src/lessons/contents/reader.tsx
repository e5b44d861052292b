import { useEffect, useRef, useState } from 'react';
import { Button, Check, LinkButton } from '../../kit/button.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { LEVELS, type Level, NO_PROGRESS } from '../state/progress.ts';

/** Opens a lesson, at a step from 1, or the pages around the lessons. */
export function useLessonOpener(): (lesson: string, step?: number) => void {
  const dispatch = useDispatch();
  return (lesson, step = 1) => dispatch({ type: 'viewed', changes: { lesson, step } });
}

const READERS: Readonly<Record<Level, string>> = {
  plain: 'new to linear algebra',
  algebra: 'comfortable with linear algebra',
  lora: 'familiar with LoRA',
};

export function LevelChoice() {
  const level = useLab((s) => s.progress.level);
  const dispatch = useDispatch();
  return (
    <fieldset className="radios far-above">
      <legend>Explain terms for someone who is</legend>
      {LEVELS.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="level"
            checked={level === one}
            onChange={() => dispatch({ type: 'reads', changes: { level: one } })}
          />
          {READERS[one]}
        </label>
      ))}
    </fieldset>
  );
}

export function NumbersChoice() {
  const numbers = useLab((s) => s.progress.numbers);
  const dispatch = useDispatch();
  return (
    <Check checked={numbers} onChange={(to) => dispatch({ type: 'reads', changes: { numbers: to } })}>
      Numbers in formulas
    </Check>
  );
}

export function ClearProgress() {
  const [asks, setAsks] = useState(false);
  const [said, setSaid] = useState('');
  const none = useLab((s) => Object.keys(s.progress.lessons).length === 0);
  const dispatch = useDispatch();
  const now = useGetLab();
  const keep = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asks) keep.current?.focus();
  }, [asks]);
  const close = (says: string) => {
    setAsks(false);
    setSaid(says);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const clear = () => {
    const { level, numbers } = now().progress;
    dispatch({ type: 'progress', progress: { ...NO_PROGRESS, level, numbers } });
    close('Your progress was cleared.');
  };
  return (
    <>
      {asks ? (
        <fieldset className="asks">
          <legend>Clear ticks, guesses and answers?</legend>
          <Button onClick={clear}>Clear</Button>
          <Button ref={keep} onClick={() => close('')}>
            Keep
          </Button>
        </fieldset>
      ) : (
        <LinkButton ref={opener} aria-disabled={none || undefined} onClick={() => !none && setAsks(true)}>
          Clear my progress
        </LinkButton>
      )}
      <span role="status" className="soft block">
        {said}
      </span>
    </>
  );
}
