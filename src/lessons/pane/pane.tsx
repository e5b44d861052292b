import './lessons.css';
import { Suspense, use } from 'react';
import { useShown } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import type { Lesson, LessonEntry } from '../step.tsx';
import { Opened } from './opened.tsx';
import { ValuesOfLesson } from './values.tsx';

const loaded = new Map<string, Promise<{ readonly lesson: Lesson }>>();

/** The text of a lesson, fetched once; one that could not be fetched is asked for again. */
function textOf({ name, load }: LessonEntry): Promise<{ readonly lesson: Lesson }> {
  const known = loaded.get(name) ?? load();
  loaded.set(name, known);
  known.catch(() => loaded.delete(name));
  return known;
}

/** The lesson that is open, in the place of the rail. */
export default function LessonPane() {
  const name = useShown((s) => s.view.lesson);
  const entry = LESSONS.find((one) => one.name === name);
  return (
    entry && (
      <Suspense fallback={<aside className="lesson" aria-busy="true" />}>
        <Text key={name} entry={entry} />
      </Suspense>
    )
  );
}

function Text({ entry }: { readonly entry: LessonEntry }) {
  const { lesson } = use(textOf(entry));
  return (
    <ValuesOfLesson>
      <Opened entry={entry} lesson={lesson} />
    </ValuesOfLesson>
  );
}
