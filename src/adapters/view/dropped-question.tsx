import { useAdapters, useAdaptersDispatch } from './context.tsx';

/** Files were dropped while one is open. */
export function DroppedQuestion() {
  const dropped = useAdapters((s) => s.dropped);
  const first = useAdapters((s) => s.files[0]?.adapter.name ?? '');
  const two = useAdapters((s) => s.files.length > 1);
  const dispatch = useAdaptersDispatch();
  if (!dropped) return null;
  const [only] = dropped;
  const what = dropped.length === 1 && only ? only.file.name : `${dropped.length} files`;
  return (
    <div className="notice" role="status">
      <div className="said">
        <b>{what}:</b> compare with {first}, or open instead of {two ? 'both' : 'it'}?
      </div>
      <span className="acts">
        <button
          type="button"
          className="btn main"
          onClick={() => dispatch({ type: 'files', files: dropped, as: 'second' })}
        >
          Compare
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => dispatch({ type: 'files', files: dropped, as: 'replace' })}
        >
          Replace
        </button>
        <button type="button" className="link" onClick={() => dispatch({ type: 'keep-dropped' })}>
          Cancel
        </button>
      </span>
    </div>
  );
}
