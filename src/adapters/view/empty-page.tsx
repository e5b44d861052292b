import { useAdapters, useAdaptersDispatch } from './context.tsx';
import { useChoose } from './use-brought.ts';

const WHAT: readonly (readonly [what: string, how: string])[] = [
  ['See what each module learned', 'spectra, effective ranks, norms; layer by layer'],
  ['Find what is broken', 'a B of zeros, dead directions, spikes, a missing α'],
  ['Make it smaller', 'with the error known before the file is written'],
  ['Compare, merge, convert', 'exactly, or with the error in plain sight'],
];

/** Before a file is open: what can be opened, how, and what for. */
export function EmptyPage() {
  const choose = useChoose();
  const dispatch = useAdaptersDispatch();
  const busy = useAdapters((s) => s.work !== null);
  return (
    <div className="adapters-drop">
      <div>
        <h2>Drop a LoRA adapter here</h2>
        <p className="lead">
          A <code>.safetensors</code> file, with its <code>adapter_config.json</code> if there is one; a folder or a zip
          that holds them. Names of PEFT, kohya, diffusers, LyCORIS and MLX are known. Drop two files to compare or
          merge them.
        </p>
        <p className="acts">
          <button type="button" className="btn main" disabled={busy} onClick={() => choose('files')}>
            Choose files
          </button>
          <button type="button" className="btn" disabled={busy} onClick={() => choose('folder')}>
            Choose a folder
          </button>
          <button type="button" className="btn" disabled={busy} onClick={() => dispatch({ type: 'example' })}>
            Open an example
          </button>
          <span className="note">12 modules, rank 8, trained on this page</span>
        </p>
        <p>Nothing leaves this device. The file is read one module at a time, up to 2 GB; no link ever holds it.</p>
      </div>
      <ul>
        {WHAT.map(([what, how]) => (
          <li key={what}>
            {what}
            <span>{how}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
