import { hasBar } from '../../state/places.ts';
import './class.css';
import { useMemo } from 'react';
import { readGoal } from '../../experiment/plan/goal.ts';
import { Announced, useThrottled } from '../../kit/announced.tsx';
import { HandInButton } from '../../ui/bar/bar.tsx';
import { useLab, useLabObject } from '../../ui/page.tsx';
import { goalWords } from './goal-words.ts';

/** The run's standing against the class's goal; if there is no bar, with the hand-in button. */
export default function GoalLine() {
  const text = useLab((s) => s.view.goal);
  const goal = useMemo(() => readGoal(text).goal, [text]);
  const { state, first, parts, said } = useLabObject((s) => flat(goal && goalWords(goal, s)));
  const handsIn = useLab((s) => s.view.handin && !hasBar(s.view));
  const calm = useThrottled(said);
  return (
    <div className={`goal ${state}`}>
      {first !== '' && (
        <p>
          <b>{first}</b> {parts}
        </p>
      )}
      <Announced as="span">{calm}</Announced>
      {handsIn && <HandInButton />}
    </div>
  );
}

/** Flat and small, so that it is equal field by field while nothing changes on screen. */
function flat(words: ReturnType<typeof goalWords> | null) {
  if (!words) return { state: '', first: '', parts: '', said: '' };
  return { ...words, parts: words.parts.join(' · ') };
}
