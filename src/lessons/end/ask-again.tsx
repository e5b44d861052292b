import './end.css';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button, LinkButton } from '../../kit/button.tsx';
import { useDispatch, useGetLab, useLab, usePageTitle } from '../../ui/page.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { InPlace, useEscape } from '../pane/frame.tsx';
import { dueRecalls, progressIn } from '../state/progress.ts';
import type { LessonEntry, Step } from '../step.tsx';
import { RecallForm } from './recall-form.tsx';

/** The lab waits out of sight. */
const EMPTY: Step = { title: '', Text: null, figure: { place: 'lab', Figure: () => null } };

/** The questions to keep of earlier lessons, one after another, before a lesson begins. */
export default function AskAgain({ entry, onPassed }: { readonly entry: LessonEntry; readonly onPassed: () => void }) {
  const now = useGetLab();
  const dispatch = useDispatch();
  const [due] = useState(() => dueRecalls(now().progress, entry.name));
  const [at, setAt] = useState(0);
  const lesson = due[at];
  const of = LESSONS.find(({ name }) => name === lesson) ?? entry;
  const answered = useLab((s) => progressIn(s.progress, lesson).recalls.length > 1);
  const head = useRef<HTMLHeadingElement>(null);
  usePageTitle(`Before ${entry.title} · Lessons`);
  const close = useCallback(() => dispatch({ type: 'viewed', changes: { lesson: '', step: 1 } }), [dispatch]);
  useEscape(close);
  useEffect(() => {
    if (at > 0 || now().left) head.current?.focus();
  }, [at, now]);
  const last = at + 1 === due.length;
  return (
    <aside className="lesson again" aria-label={`Before the lesson: ${entry.title}`}>
      <div className="where">
        <span>
          Before lesson {numberOf(entry.name)}
          {due.length > 1 && ` · question ${at + 1} of ${due.length}`}
        </span>
        <LinkButton onClick={close}>Close</LinkButton>
      </div>
      <h2>Do you still know?</h2>
      <div className="prose">
        <h3 ref={head} tabIndex={-1}>
          From lesson {numberOf(of.name)}: {of.title}
        </h3>
        <RecallForm key={lesson} lesson={lesson} time={1} />
      </div>
      <nav aria-label="Steps of the lesson">
        <Button
          className={answered ? 'btn main ends onward' : 'btn ends onward'}
          onClick={() => (last ? onPassed() : setAt(at + 1))}
        >
          {last ? `Begin: ${entry.title}` : 'Next question'}
          <span>→</span>
        </Button>
      </nav>
      <InPlace step={EMPTY} />
    </aside>
  );
}
