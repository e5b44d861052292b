import { LinkButton } from '../../kit/button.tsx';
import { useDispatch } from '../../ui/page.tsx';
import { LESSONS, numberOf } from '../list.ts';

/** What a teacher prints or reads before class, by lesson. */
export function HandoutsPage() {
  const dispatch = useDispatch();
  const read = (lesson: string) => dispatch({ type: 'viewed', changes: { view: 'lab', lesson, step: 1 } });
  return (
    <main id="main" tabIndex={-1} className="contents">
      <div className="side">
        <h2>Handouts and notes</h2>
        <p className="lead">
          A handout has the text, the pictures and the questions of a lesson on paper, with a QR code that opens it.
          Notes name what students can do after it, the time it takes, questions to ask, and the usual mistakes.
        </p>
        <ul className="links">
          <li>
            <LinkButton onClick={() => read('handout')}>Print all as a handout</LinkButton>
          </li>
          <li>
            <LinkButton onClick={() => read('notes')}>Notes on all lessons</LinkButton>
          </li>
        </ul>
      </div>
      <ol className="rows">
        {LESSONS.map(({ name, title, question, minutes, Picture }) => (
          <li key={name} className="row">
            <span className="n" aria-hidden="true">
              {numberOf(name)}
            </span>
            <span className="picture">
              <Picture />
            </span>
            <span className="what">
              <b id={`handout-${name}`}>{title}</b>
              <span className="question">{question}</span>
            </span>
            <span className="how-far">
              {minutes} min
              <br />
              <LinkButton
                className="link under"
                aria-describedby={`handout-${name}`}
                onClick={() => read(`handout-${name}`)}
              >
                Handout
              </LinkButton>{' '}
              <LinkButton
                className="link under"
                aria-describedby={`handout-${name}`}
                onClick={() => read(`notes-${name}`)}
              >
                Notes
              </LinkButton>
            </span>
          </li>
        ))}
      </ol>
    </main>
  );
}
