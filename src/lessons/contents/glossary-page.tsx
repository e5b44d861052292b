import { useEffect } from 'react';
import { LinkButton } from '../../kit/button.tsx';
import { useLab } from '../../ui/page.tsx';
import { meaningOf, TERM_NAMES, type TermName, termHeading } from '../glossary/terms.ts';
import { LESSONS, numberOf } from '../list.ts';
import { LevelChoice, useLessonOpener } from './reader.tsx';
import { Search } from './search/search.tsx';

interface GlossaryProps {
  /** The term that was looked up. */
  readonly term: TermName | null;
  readonly setTerm: (name: TermName | null) => void;
}

const idOf = (name: TermName) => `term-${TERM_NAMES.indexOf(name)}`;

/** Every term at the reader's level, in alphabetical order. */
export function GlossaryPage({ term, setTerm }: GlossaryProps) {
  const read = useLessonOpener();
  useEffect(() => {
    if (!term) return;
    const element = document.getElementById(idOf(term));
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, [term]);
  return (
    <main id="main" tabIndex={-1} className="contents glossary">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>Glossary</h2>
        <p className="lead">
          The words of the lessons and of the charts, explained at three levels. A lesson shows what each of them does.
        </p>
        <Search setTerm={setTerm} />
        <LevelChoice />
      </div>
      <dl className="terms">
        {TERM_NAMES.map((name) => (
          <Entry key={name} name={name} here={name === term} />
        ))}
      </dl>
    </main>
  );
}

function Entry({ name, here }: { readonly name: TermName; readonly here: boolean }) {
  const level = useLab((s) => s.progress.level);
  const read = useLessonOpener();
  const meaning = meaningOf(name);
  const lesson = LESSONS.find((one) => one.name === meaning.lesson);
  return (
    <div className={here ? 'entry here' : 'entry'}>
      <dt id={idOf(name)} tabIndex={-1}>
        {termHeading(name)}
      </dt>
      <dd>
        {meaning[level]}
        {lesson && (
          <LinkButton onClick={() => read(lesson.name)}>
            <span className="unseen">{termHeading(name)}, </span>lesson {numberOf(lesson.name)}: {lesson.title}
          </LinkButton>
        )}
      </dd>
    </div>
  );
}
