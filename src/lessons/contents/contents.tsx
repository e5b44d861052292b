import { useDispatch } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';

/** All lessons. */
export default function Contents() {
  const dispatch = useDispatch();
  return (
    <main id="main" tabIndex={-1} className="contents">
      <h2>Lessons</h2>
      <ol start={0}>
        {LESSONS.map(({ name, title }) => (
          <li key={name}>
            <button type="button" onClick={() => dispatch({ type: 'viewed', changes: { lesson: name, step: 1 } })}>
              {title}
            </button>
          </li>
        ))}
      </ol>
    </main>
  );
}
