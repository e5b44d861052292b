import './lessons.css';
import './framed.css';
import { Suspense, use } from 'react';
import { useShown } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import type { LessonEntry } from '../step.tsx';
import { textOf } from './loaded.ts';
import { Opened } from './opened.tsx';
import { ValuesOfLesson } from './values.tsx';

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
