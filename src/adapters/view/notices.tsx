import '../../ui/notices/notices.css';
import { count } from '../../experiment/numbers.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import type { AdapterNotice } from '../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from './context.tsx';
import { Names } from './names.tsx';
import { useChoose } from './use-brought.ts';

/** What the lab says that is not about its run. */
const OF_PAGE = ['share', 'build', 'version'] as const;

/** What went wrong or is shown only in part: which value, and what to do. */
export function AdapterNotices() {
  const notices = useAdapters((s) => s.notices);
  const of = (tone: AdapterNotice['tone']) =>
    notices.filter((one) => one.tone === tone).map((one) => <Line key={one.id} notice={one} />);
  return (
    <>
      <Notices only={OF_PAGE} />
      <div className="notices">
        <div role="alert">{of('bad')}</div>
        <div role="status">{of('plain')}</div>
      </div>
    </>
  );
}

function Line({ notice: { id, tone, title, details, acts, names } }: { readonly notice: AdapterNotice }) {
  const dispatch = useAdaptersDispatch();
  const choose = useChoose();
  return (
    <div className={tone === 'bad' ? 'notice bad' : 'notice'}>
      <div className="said">
        <b>{title}</b> {details}
        {names && (
          <>
            {' '}
            <details>
              <summary>{names.length === 1 ? 'Show the name' : `Show all ${count(names.length)} names`}</summary>
              <Names of={names} />
            </details>
          </>
        )}
      </div>
      <span className="acts">
        {acts.includes('choose') && (
          <button type="button" className="link" onClick={() => choose('files')}>
            Choose another
          </button>
        )}
        <button
          type="button"
          className="link away"
          aria-label={`Dismiss: ${title}`}
          onClick={() => dispatch({ type: 'dismiss', id })}
        >
          ×
        </button>
      </span>
    </div>
  );
}
