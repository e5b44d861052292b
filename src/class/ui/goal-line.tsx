import './class.css';
import { useMemo } from 'react';
import { readGoal } from '../../experiment/plan/goal.ts';
import { useCalm } from '../../kit/calm.ts';
import { HandIn } from '../../ui/bar/bar.tsx';
import { useBuilt, useShown } from '../../ui/page.tsx';
import { goalWords } from './goal-words.ts';

/** How the run stands to the goal of the class; where there is no bar, the way to hand it in too. */
export default function GoalLine() {
  const text = useShown((s) => s.view.goal);
  const goal = useMemo(() => readGoal(text).goal, [text]);
  const { state, first, parts, said } = useBuilt((s) => flat(goal && goalWords(goal, s)));
  const handsIn = useShown((s) => s.view.handin && s.view.view !== 'lab');
  const calm = useCalm(said);
  return (
    <div className={`goal ${state}`}>
      {first !== '' && (
        <p>
          <b>{first}</b> {parts}
        </p>
      )}
      <span className="unseen" role="status">
        {calm}
      </span>
      {handsIn && <HandIn />}
    </div>
  );
}

/** Small and equal field by field as long as nothing changes on screen. */
function flat(words: ReturnType<typeof goalWords> | null) {
  if (!words) return { state: '', first: '', parts: '', said: '' };
  return { ...words, parts: words.parts.join(' · ') };
}
