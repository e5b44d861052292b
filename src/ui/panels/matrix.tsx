import { type ClipboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { MatrixInput, OwnMatrix, OwnReading } from '../../experiment/matrix-file/matrix-source.ts';
import { number } from '../../experiment/numbers.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { Button, Check } from '../../kit/button.tsx';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useHelp } from '../controls/control-name.tsx';
import { Fault } from '../controls/numeric.tsx';
import { useTheme } from '../looks/theme.tsx';
import { useDispatch, useGetLab } from '../page.tsx';
import { entryPixels } from '../rail/colours.ts';
import { sizeText } from '../words/parameters.ts';
import { Dialog, Facts } from './dialog.tsx';

/** Input is parsed after this pause. */
const REST_MS = 350;
/** Longer text is parsed without being shown: a field takes seconds to show megabytes. */
const LONGEST_SHOWN = 20_000;
const FILES = '.csv,.tsv,.txt,.json,.npy,image/png,image/jpeg,image/gif,image/webp,image/bmp';

export function MatrixPanel({ read }: { readonly read: OwnReading | 'reading' | null }) {
  const now = useGetLab();
  const dispatch = useDispatch();
  const [text, setText] = useState('');
  const [normalise, setNormalise] = useState(() => now().experiment.normalise);
  const file = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [id, help] = [useId(), useId()];
  const bring = (source: MatrixInput) => dispatch({ type: 'command', command: { bring: source } });
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => bring(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const type = (typed: string) => {
    setText(typed);
    if (typed === '') dispatch({ type: 'panel', panel: { name: 'matrix', read: null } });
  };
  const take = (picked: File | undefined) => {
    if (!picked) return;
    setText('');
    bring(picked);
  };
  // Anywhere in the panel: there is nothing else to paste into.
  const paste = (event: ClipboardEvent) => {
    const { files } = event.clipboardData;
    const pasted = event.clipboardData.getData('text');
    const shown = files.length === 0 && pasted.length <= LONGEST_SHOWN;
    if (shown && event.target === field.current) return;
    event.preventDefault();
    if (files.length > 0) return take(files[0]);
    setText(shown ? pasted : '');
    if (!shown) bring(pasted);
  };
  const use = ({ rows, cols, drawing, link }: OwnMatrix) => {
    const changes = { target: 'matrix' as const, d: rows, k: cols, normalise };
    dispatch({ type: 'drawn', data: link, drawing, changes });
    dispatch({ type: 'panel', panel: null });
  };
  return (
    <Dialog title="Your matrix" kind="bring" first={field} onPaste={paste}>
      <label htmlFor={id}>Paste or type the numbers of ΔW*, one row per line</label>
      <textarea
        ref={field}
        id={id}
        rows={5}
        spellCheck={false}
        placeholder={'1.5, −2, 0\n0.25, 3, 1e−3'.replace(/−/g, '-')}
        aria-describedby={help}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <div className="row wrap">
        <Button onClick={() => file.current?.click()}>Choose a file</Button>
        <span className="note">or drop one anywhere on the page</span>
        <input
          ref={file}
          type="file"
          hidden
          accept={FILES}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <p id={help} className="note">
        CSV, TSV, JSON, .npy or a picture, up to 4096 × 4096; pictures are scaled down to 1024. Your matrix stays on
        this device.
      </p>
      <div role="status">{read === 'reading' && <p>Reading …</p>}</div>
      {read === null || read === 'reading' ? null : 'fault' in read ? (
        <Fault>Could not read it: {read.fault}</Fault>
      ) : (
        <ImportedMatrix matrix={read} normalise={normalise} onNormalise={setNormalise} onUse={() => use(read)} />
      )}
    </Dialog>
  );
}

const TALLEST = 240;

interface ImportedMatrixProps {
  readonly matrix: OwnMatrix;
  readonly normalise: boolean;
  readonly onNormalise: (on: boolean) => void;
  readonly onUse: () => void;
}

/** Preview: heat map, size, range, and the reader's own decisions. */
function ImportedMatrix({ matrix, normalise, onNormalise, onUse }: ImportedMatrixProps) {
  const { rows, cols, low, high, format, remark, heat, unscaled } = matrix;
  const fault = normalise ? null : unscaled;
  const theme = useTheme();
  const size = sizeText({ d: rows, k: cols });
  const pixels = useMemo(() => entryPixels(heat), [heat, theme]);
  const help = useHelp('normalise');
  return (
    <div className="brought">
      <Heatmap
        pixels={pixels}
        style={{ aspectRatio: `${cols} / ${rows}`, width: `min(100%, ${(TALLEST * cols) / rows}px)` }}
        role="img"
        aria-label={`Your matrix, ${size}`}
      />
      <div className="side">
        <Facts
          list={[
            ['Size d × k', size],
            ['Entries', `${number(low)} to ${number(high)}`],
            ['Read as', format],
          ]}
        />
        {remark && <p className="note">{remark}</p>}
        <Check title={help} checked={normalise} onChange={onNormalise}>
          <span>
            <Symbols>{param('normalise').label}</Symbols>
          </span>
        </Check>
        <div role="status">{fault && <p className="wrong">{fault}</p>}</div>
        <div className="row">
          <Button className="btn main" disabled={fault !== null} onClick={onUse}>
            Use this matrix
          </Button>
        </div>
      </div>
    </div>
  );
}
