import './ready-questions.css';
import '../experiments/experiments.css';
import { type ReactNode, useId, useMemo } from 'react';
import { plural } from '../../experiment/numbers.ts';
import recorded from '../../experiment/recorded/recorded.json';
import type { SmallPicture } from '../../experiment/recorded/small-picture.ts';
import { Symbols } from '../../kit/symbols.tsx';
import { canPin } from '../../state/compare/pins.ts';
import { roughSeconds } from '../../state/sweep/plan.ts';
import { RecordedPicture } from '../experiments/own-experiments.tsx';
import { Notices } from '../notices/notices.tsx';
import { Press, useLab } from '../page.tsx';
import { COMPARE_QUESTIONS, pacedSeconds, type ReadyQuestion, runsOf } from './questions.ts';
import { timeWords } from './run-words.ts';

interface ReadyQuestionsProps {
  readonly title: string;
  readonly questions: readonly ReadyQuestion[];
  /** The way to settings of one's own. */
  readonly children: ReactNode;
}

/** A screen with nothing to show yet: questions that fill it. */
export function ReadyQuestions({ title, questions, children }: ReadyQuestionsProps) {
  return (
    <main id="main" tabIndex={-1} className="questions">
      <Notices />
      <h2 className="page-title">{title}</h2>
      <p className="claim">Begin with a question, or with your own settings.</p>
      <ul>
        {questions.map((question) => (
          <Item key={question.title} question={question} />
        ))}
      </ul>
      <p className="acts under-rule own">{children}</p>
    </main>
  );
}

/** In the place of Compare while no run is pinned. */
export function EmptyCompare() {
  const pinnable = useLab(canPin);
  return (
    <ReadyQuestions title="Compare puts up to four runs side by side." questions={COMPARE_QUESTIONS}>
      <Press disabled={!pinnable} event={{ type: 'compare', does: 'pin' }}>
        Pin my run
      </Press>
      <span className="note">
        {pinnable
          ? 'Keeps the run in the lab on screen; then change one setting and train again.'
          : 'Keeps a run on screen while you change its settings: train one in the lab first.'}
      </span>
    </ReadyQuestions>
  );
}

function Item({ question }: { readonly question: ReadyQuestion }) {
  const id = useId();
  const runs = useMemo(() => runsOf(question), [question]);
  const paced = useMemo(() => pacedSeconds(question), [question]);
  const time = useLab((s) => timeWords(Math.max(paced, roughSeconds(s, runs))));
  const { title, about, link, preset } = question;
  const picture = recorded[preset as keyof typeof recorded].picture as unknown as SmallPicture;
  return (
    <li>
      <a className="question" href={link} aria-labelledby={`${id}-title`} aria-describedby={`${id}-about`}>
        <RecordedPicture picture={picture} />
        <span>
          <b id={`${id}-title`} className="entry-title block">
            <Symbols>{title}</Symbols>
          </b>
          <span id={`${id}-about`}>{about}</span>
        </span>
        <span className="run at-right">
          <span className="btn">Run it</span>
          <span className="note block">
            {plural(runs.length, 'run')}, {time}
          </span>
        </span>
      </a>
    </li>
  );
}
