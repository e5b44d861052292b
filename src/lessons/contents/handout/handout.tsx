import './handout.css';
import { Suspense, use, useCallback, useState } from 'react';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { Check } from '../../../kit/choice.tsx';
import { LESSONS, numberOf } from '../../list.ts';
import { lessonText } from '../../pane/lesson-parts.ts';
import type { LessonEntry, Step } from '../../step.tsx';
import { useLessonOpener } from '../reader.tsx';
import { needsLab, Recorder, type StepRecord } from './record.tsx';
import { Sheet } from './sheet.tsx';

export function Handout({ of }: { readonly of: string | null }) {
  const read = useLessonOpener();
  const shown = LESSONS.filter(({ name }) => of === null || name === of);
  return (
    <main id="main" tabIndex={-1} className="contents handout">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>{of === null ? 'All lessons as a handout' : `Lesson ${numberOf(of)} as a handout`}</h2>
        <p className="lead">Text, figures and questions on paper, with a QR code that opens the lesson.</p>
        {of !== null && <LinkButton onClick={() => read(of)}>Open lesson {numberOf(of)}</LinkButton>}
      </div>
      <Suspense fallback={<p className="note">Loading …</p>}>
        <Paper entries={shown} />
      </Suspense>
    </main>
  );
}

function Paper({ entries }: { readonly entries: readonly LessonEntry[] }) {
  const lessons = entries.map((entry) => ({ entry, lesson: use(lessonText(entry)).lesson }));
  const [answers, setAnswers] = useState(true);
  const [notes, setNotes] = useState(false);
  const [records, setRecords] = useState<ReadonlyMap<Step, StepRecord>>(new Map());
  const keep = useCallback(
    (step: Step, recorded: StepRecord) => setRecords((before) => new Map(before).set(step, recorded)),
    [],
  );
  const wanted = lessons.flatMap(({ lesson }) => lesson.steps.filter(needsLab));
  const left = wanted.filter((step) => !records.has(step));
  return (
    <div className="paper">
      <div className="to-print">
        <Button className="btn main" onClick={() => print()}>
          Print
        </Button>
        <Check checked={answers} onChange={setAnswers}>
          Answers at the end
        </Check>
        <Check checked={notes} onChange={setNotes}>
          Notes for teachers
        </Check>
        <p role="status" className="note" data-left={left.length}>
          {left.length > 0
            ? `Running the lab for the pictures: ${wanted.length - left.length} of ${wanted.length} done.`
            : 'All pictures are drawn.'}
        </p>
      </div>
      {left.length > 0 && <Recorder steps={left} keep={keep} />}
      {lessons.map(({ entry, lesson }) => (
        <Sheet key={entry.name} entry={entry} lesson={lesson} records={records} answers={answers} notes={notes} />
      ))}
    </div>
  );
}
