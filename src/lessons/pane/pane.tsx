import './lessons.css';
import './framed.css';
import { Suspense, use } from 'react';
import { useLab } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import type { LessonEntry } from '../step.tsx';
import { lessonText } from './lesson-parts.ts';
import { OpenLesson } from './open-lesson.tsx';
import { LessonValuesProvider } from './values.tsx';

export default function LessonPane() {
  const name = useLab((s) => s.view.lesson);
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
  const { lesson } = use(lessonText(entry));
  return (
    <LessonValuesProvider>
      <OpenLesson entry={entry} lesson={lesson} />
    </LessonValuesProvider>
  );
}
