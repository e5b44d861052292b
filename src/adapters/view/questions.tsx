import { type FormEvent, useState } from 'react';
import { MAX_ALPHA } from '../file/scaling.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from './context.tsx';
import { ChooseButton } from './use-file-import.tsx';

/** The file has no α: it is asked for before any norm is shown, and never assumed. */
export function AlphaQuestion() {
  const file = useAdapters((s) => s.files.find(({ asksAlpha }) => asksAlpha));
  const two = useAdapters((s) => s.files.length > 1);
  const dispatch = useAdaptersDispatch();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  if (!file) return null;
  const ranks = new Set(file.asRead.modules.map(({ rank }) => rank));
  const [rank] = ranks;
  const name = two ? file.adapter.name : 'this file';
  const odd = file.asRead.modules.find(({ oddAlpha }) => oddAlpha !== undefined)?.oddAlpha;
  const answer = (event: FormEvent) => {
    event.preventDefault();
    const alpha = Number(text.trim().replace(',', '.'));
    const fits = text.trim() !== '' && Math.abs(alpha) <= MAX_ALPHA && alpha !== 0;
    setRefused(!fits);
    if (fits) dispatch({ type: 'alpha', answer: { alpha } });
  };
  return (
    <fieldset className="notice alpha-question">
      <legend className="unseen">α of {file.adapter.name}</legend>
      <p>
        <b>{odd === undefined ? `α is not in ${name}.` : `α in ${name} cannot be used: it ${odd}.`}</b> It scales every
        ΔW: s = α/r. Look for it in the training settings (lora_alpha, network_alpha), or{' '}
        <ChooseButton className="link">choose</ChooseButton> or drop its adapter_config.json.
      </p>
      <form className="acts" onSubmit={answer}>
        <EventButton className="btn" event={{ type: 'alpha', answer: 'rank' }}>
          {ranks.size === 1 ? `α = r = ${rank}, so s = 1` : 'α = r in each module, so s = 1'}
        </EventButton>
        <label>
          α ={' '}
          <input
            className="num"
            inputMode="decimal"
            value={text}
            aria-invalid={refused}
            aria-describedby={refused ? 'alpha-odd' : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" className="btn" disabled={text.trim() === ''}>
          Use this α
        </button>
        <EventButton className="btn" event={{ type: 'alpha', answer: 'unknown' }}>
          Continue without α
        </EventButton>
        <span className="note">ranks and shares hold without it; norms read “× s”</span>
      </form>
      {refused && (
        <p id="alpha-odd" role="alert" className="bad-word">
          α must be a number other than 0 up to 10¹², such as 16.
        </p>
      )}
    </fieldset>
  );
}

export function DroppedQuestion() {
  const dropped = useAdapters((s) => s.dropped);
  const first = useAdapters((s) => s.files[0]?.adapter.name ?? '');
  const two = useAdapters((s) => s.files.length > 1);
  if (!dropped) return null;
  const [only] = dropped;
  return (
    <div className="notice" role="status">
      <div className="said">
        <b>{dropped.length === 1 ? only.file.name : `${dropped.length} files`}:</b> compare with {first}, or open
        instead of {two ? 'both' : 'it'}? Or is it the base that {first} was trained on?
      </div>
      <span className="acts">
        <EventButton className="btn main" event={{ type: 'files', files: dropped, as: 'second' }}>
          Compare
        </EventButton>
        <EventButton className="btn" event={{ type: 'files', files: dropped, as: 'replace' }}>
          Replace
        </EventButton>
        <EventButton className="btn" event={{ type: 'files', files: dropped, as: 'adapter-base' }}>
          Use as its base
        </EventButton>
        <EventButton event={{ type: 'keep-dropped' }}>Cancel</EventButton>
      </span>
    </div>
  );
}
