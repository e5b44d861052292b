import { Suspense, use } from 'react';
import { LinkButton } from '../../kit/button.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { lessonNotes } from '../pane/lesson-parts.ts';
import type { LessonEntry } from '../step.tsx';
import { useLessonOpener } from './reader.tsx';

export function NotesPage({ of }: { readonly of: string | null }) {
  const read = useLessonOpener();
  const shown = LESSONS.filter(({ name }) => of === null || name === of);
  return (
    <main id="main" tabIndex={-1} className="contents notes-page">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>Notes for teachers</h2>
        <p className="lead">
          For each lesson: what students can do after it, the time it takes, questions to ask before a step is shown,
          and the mistakes that are made most often.
        </p>
        <ul className="links">
          <li>
            <LinkButton onClick={() => read(of === null ? 'handout' : `handout-${of}`)}>
              {of === null ? 'Print all as a handout' : 'Print this lesson as a handout'}
            </LinkButton>
          </li>
          {of !== null && (
            <li>
              <LinkButton onClick={() => read('notes')}>Notes on all lessons</LinkButton>
            </li>
          )}
        </ul>
      </div>
      <div className="notes">
        {shown.map((entry) => (
          <section key={entry.name} aria-label={entry.title}>
            <h3>
              <span className="n">{numberOf(entry.name)}</span> {entry.title}
            </h3>
            <p className="note">{entry.question}</p>
            <Suspense fallback={<p className="note">Loading …</p>}>
              <LessonNotes entry={entry} />
            </Suspense>
            <p>
              <LinkButton onClick={() => read(entry.name)}>Open lesson {numberOf(entry.name)}</LinkButton>
            </p>
          </section>
        ))}
      </div>
    </main>
  );
}

function LessonNotes({ entry }: { readonly entry: LessonEntry }) {
  return <div className="of-lesson">{use(lessonNotes(entry)).default}</div>;
}
