import { useMemo } from 'react';
import type { WallScene } from '../../charts/wall-scene.ts';
import { questionsOf } from '../../model/questions.ts';
import type { WallView } from './use-wall.ts';

interface QuestionsProps {
  readonly shown: WallView;
  readonly floors: WallScene['floors'];
}

/** Questions about the runs on the wall, for the discussion. */
export function AskTheClass({ shown: { standings, goal, names }, floors }: QuestionsProps) {
  const questions = useMemo(
    () => questionsOf({ standings, wanted: goal?.error ?? null, floors, names }),
    [standings, goal, floors, names],
  );
  if (questions.length === 0) return null;
  return (
    <section className="ask-class far-above" aria-labelledby="ask-class">
      <h2 id="ask-class">Ask the class</h2>
      <ul>
        {questions.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
