import './resize-rail.css';
import { useRef } from 'react';
import { Typeset } from '../../../kit/symbols.tsx';
import type { ResizeWay, WrittenType } from '../../file/model.ts';
import { type Cut, cutOf } from '../../state/foretold.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { Typed } from './cut-slider.tsx';
import { alphaNote, formatNote, typeName, typesIn, WRITTEN } from './cut-words.ts';
import { ForetoldSize, WriteButton } from './foretold-size.tsx';
import { useNarrow } from './use-narrow.ts';
import { WayControl } from './way-control.tsx';
import { CHOICES, type Choice, choiceOf, firstWay } from './ways.ts';

/** How a file is cut, and what will come of it. */
export default function ResizeRail() {
  const cut = useAdapters(cutOf);
  const narrow = useNarrow();
  if (!cut) return null;
  return (
    <>
      <Ways cut={cut} />
      {!narrow && <WayControl cut={cut} />}
      {choiceOf(cut.plan.way) !== 'hand' && <Limits cut={cut} />}
      <Format cut={cut} />
      <Split cut={cut} />
      {!narrow && (
        <>
          <ForetoldSize cut={cut} />
          <WriteButton cut={cut} />
          <p className="note after">
            Written files are read back: the error must match this number within the rounding of the format.
          </p>
        </>
      )}
    </>
  );
}

function Ways({ cut }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const chosen = choiceOf(cut.plan.way);
  // A way that is chosen again is as it was left.
  const left = useRef(new Map<Choice, ResizeWay>());
  const choose = (choice: Choice) => {
    left.current.set(chosen, cut.plan.way);
    dispatch({ type: 'way', way: left.current.get(choice) ?? firstWay(choice, cut) });
  };
  return (
    <fieldset className="radios">
      <legend>Keep in each module</legend>
      {CHOICES.filter(([choice]) => choice !== 'hand' || chosen === 'hand').map(([choice, name, beside]) => (
        <label key={choice} className={choice === chosen ? 'on' : undefined}>
          <input type="radio" name="way" checked={choice === chosen} onChange={() => choose(choice)} />
          {name}
          {beside !== '' && <span className="beside">{beside}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function Limits({ cut: { file, plan, spectra } }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const { modules } = file.adapter;
  const most = Math.max(...modules.filter((_, i) => spectra[i]).map(({ rank }) => rank));
  const convolutions = spectra.some((one) => one?.convolution);
  const whole = (value: number) => Math.max(1, Math.min(most, Math.round(value)));
  const limit = (value: number) => (whole(value) === most ? null : whole(value));
  return (
    <div className="ctl limits">
      <div className="hd">
        <span className="lb">Rank at most</span>
        <Typed
          label="Rank at most"
          text={String(plan.most ?? most)}
          onEmpty={() => dispatch({ type: 'resize', changes: { most: null } })}
          onCommit={(value) => dispatch({ type: 'resize', changes: { most: limit(value) } })}
        />
      </div>
      {convolutions && (
        <div className="hd">
          <span className="lb">of convolutions</span>
          <Typed
            label="Rank of convolutions at most"
            text={String(plan.mostOfConvolutions ?? most)}
            onEmpty={() => dispatch({ type: 'resize', changes: { mostOfConvolutions: null } })}
            onCommit={(value) => dispatch({ type: 'resize', changes: { mostOfConvolutions: limit(value) } })}
          />
        </div>
      )}
    </div>
  );
}

function Format({ cut: { file, plan, spectra } }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const types = typesIn(file.adapter.modules.filter((_, i) => spectra[i]));
  const [own] = types;
  const native = types.length === 1 ? WRITTEN.find((type) => type === own) : undefined;
  const set = (dtype: WrittenType | null) => dispatch({ type: 'resize', changes: { dtype } });
  return (
    <div className="ctl">
      <div className="hd">
        <span className="lb">Write numbers as</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere */}
      <div className="seg" role="group" aria-label="Number format">
        {!native && (
          <button type="button" aria-pressed={plan.dtype === null} onClick={() => set(null)}>
            as is
          </button>
        )}
        {WRITTEN.map((type) => (
          <button
            key={type}
            type="button"
            aria-pressed={type === (plan.dtype ?? native)}
            onClick={() => set(type === native ? null : type)}
          >
            {native ? typeName(type) : typeName(type).replace('float', 'f')}
          </button>
        ))}
      </div>
      <p className="note">{formatNote(types, plan.dtype)}</p>
    </div>
  );
}

function Split({ cut }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const { split } = cut.plan;
  return (
    <div className="ctl">
      <div className="hd">
        <span className="lb">Singular values go into</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere */}
      <div className="seg" role="group" aria-label="Singular values go into">
        {(['both', 'up'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={split === one}
            onClick={() => dispatch({ type: 'resize', changes: { split: one } })}
          >
            <Typeset>{one === 'both' ? '√σ in each' : 'all in B'}</Typeset>
          </button>
        ))}
      </div>
      <p className="note">{alphaNote(cut)}</p>
    </div>
  );
}
