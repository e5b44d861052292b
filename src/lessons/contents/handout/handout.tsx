import './handout.css';
import { Suspense, use, useMemo } from 'react';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { initialState } from '../../../state/state.ts';
import { FrozenLab } from '../../../ui/page.tsx';
import { LESSONS, numberOf } from '../../list.ts';
import { lessonText } from '../../pane/lesson-parts.ts';
import { LessonValuesProvider } from '../../pane/values.tsx';
import type { LessonEntry } from '../../step.tsx';
import { useLessonOpener } from '../reader.tsx';
import { IsKey } from './paper.tsx';
import { Sheet } from './sheet.tsx';

interface HandoutProps {
  /** Its lesson; null: all. */
  readonly of: string | null;
  readonly page: 'handout' | 'key';
}

const WORDS = {
  handout: ['handout', 'One or two pages a lesson: pictures, blanks and questions, without any answer.'],
  key: ['answer key', 'The same pages with every blank and question answered, and the usual mistakes.'],
} as const;
const OTHER = { handout: 'key', key: 'handout' } as const;

/** Lessons on paper: the sheet for students, or its key. Neither depends on what this device has trained or guessed. */
export default function Handout({ of, page }: HandoutProps) {
  const read = useLessonOpener();
  const shown = LESSONS.filter(({ name }) => of === null || name === of);
  const [name, about] = WORDS[page];
  const link = (to: string) => (of === null ? to : `${to}-${of}`);
  return (
    <main id="main" tabIndex={-1} className="contents handout">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>
          {of === null ? 'All lessons' : `Lesson ${numberOf(of)}`}: {name}
        </h2>
        <p className="read">{about}</p>
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read(link(OTHER[page]))}>
              {page === 'handout' ? 'Answer key' : 'Handout'}
            </LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read(link('notes'))}>Notes for teachers</LinkButton>
          </li>
          {of !== null && (
            <li>
              <LinkButton onClick={() => read(of)}>Open lesson {numberOf(of)}</LinkButton>
            </li>
          )}
        </ul>
      </div>
      <Suspense fallback={<p className="note">Loading …</p>}>
        <IsKey value={page === 'key'}>
          <Pages entries={shown} />
        </IsKey>
      </Suspense>
    </main>
  );
}

function Pages({ entries }: { readonly entries: readonly LessonEntry[] }) {
  const lessons = entries.map((entry) => ({ entry, lesson: use(lessonText(entry)).lesson }));
  // Of no device: nothing trained, nothing guessed.
  const untouched = useMemo(() => initialState({ backend: null, stepper: null }), []);
  return (
    <div className="paper">
      <p className="to-print far-below">
        <Button className="btn main" onClick={() => print()}>
          Print
        </Button>
      </p>
      <FrozenLab state={untouched}>
        <LessonValuesProvider>
          {lessons.map(({ entry, lesson }) => (
            <Sheet key={entry.name} entry={entry} lesson={lesson} />
          ))}
        </LessonValuesProvider>
      </FrozenLab>
    </div>
  );
}
