import { Suspense, use } from 'react';
import { LinkButton } from '../../kit/button.tsx';
import { useDispatch } from '../../ui/page.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { lessonNotes } from '../pane/lesson-parts.ts';
import type { LessonEntry } from '../step.tsx';
import { LessonRow } from './lesson-row.tsx';
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
        <p className="read">
          For each lesson: what students can do after it, the time it takes, questions to ask before a step is shown,
          and the mistakes that are made most often.
        </p>
        <ul className="links far-above space-below">
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
            <h3 className="entry-title">
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

const PAGES = [
  ['handout', 'Handout'],
  ['key', 'Answer key'],
  ['notes', 'Notes'],
] as const;

/** What a teacher prints or reads before class, by lesson. */
export function HandoutsPage() {
  const dispatch = useDispatch();
  const read = (lesson: string) => dispatch({ type: 'viewed', changes: { view: 'lab', lesson, step: 1 } });
  return (
    <main id="main" tabIndex={-1} className="contents">
      <div className="side">
        <h2>Handouts and keys</h2>
        <p className="read">
          A handout has one or two pages: pictures, blanks and questions, and no answer. Its key answers every one of
          them and names the usual mistakes. Notes say what to ask, and when.
        </p>
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read('handout')}>All handouts</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('key')}>All answer keys</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('notes')}>Notes on all lessons</LinkButton>
          </li>
        </ul>
        <p className="note">They are the same on every device, whatever was trained or guessed there.</p>
      </div>
      <ol className="rows">
        {LESSONS.map((entry) => {
          const { name, title, minutes } = entry;
          return (
            <LessonRow key={name} entry={entry} head={<b id={`handout-${name}`}>{title}</b>}>
              {minutes} min
              <br />
              {PAGES.map(([page, label]) => (
                <LinkButton
                  key={page}
                  className="link under"
                  aria-describedby={`handout-${name}`}
                  onClick={() => read(`${page}-${name}`)}
                >
                  {label}
                </LinkButton>
              ))}
            </LessonRow>
          );
        })}
      </ol>
    </main>
  );
}
