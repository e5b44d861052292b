import { LinkButton } from '../../kit/button.tsx';
import { useDispatch } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import { LessonRow } from './lesson-row.tsx';

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
        <p className="lead">
          A handout has one or two pages: pictures, blanks and questions, and no answer. Its key answers every one of
          them and names the usual mistakes. Notes say what to ask, and when.
        </p>
        <ul className="links">
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
