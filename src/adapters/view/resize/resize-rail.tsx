import './resize-rail.css';
import { useRef } from 'react';
import { Choice } from '../../../kit/choice.tsx';
import { Typeset } from '../../../kit/symbols.tsx';
import type { ResizeWay } from '../../file/model.ts';
import { type Cut, cutOf } from '../../state/foretold.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { alphaNote, formatNote, typeName, typesIn, WRITTEN } from './cut-words.ts';
import { ForetoldSize, WriteButton } from './foretold-size.tsx';
import { useNarrow } from './use-narrow.ts';
import { Typed, WayControl } from './way-control.tsx';
import { CHOICES, choiceOf, firstWay, type ResizeChoice } from './ways.ts';

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
  const left = useRef(new Map<ResizeChoice, ResizeWay>());
  const choose = (choice: ResizeChoice) => {
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
          value={plan.most ?? most}
          text={String(plan.most ?? most)}
          empty={most}
          onValue={(value) => dispatch({ type: 'resize', changes: { most: limit(value) } })}
        />
      </div>
      {convolutions && (
        <div className="hd">
          <span className="lb">of convolutions</span>
          <Typed
            label="Rank of convolutions at most"
            value={plan.mostOfConvolutions ?? most}
            text={String(plan.mostOfConvolutions ?? most)}
            empty={most}
            onValue={(value) => dispatch({ type: 'resize', changes: { mostOfConvolutions: limit(value) } })}
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
  const native = (types.length === 1 && WRITTEN.find((type) => type === own)) || null;
  return (
    <div className="ctl">
      <div className="hd">
        <span className="lb">Write numbers as</span>
      </div>
      <Choice
        aria-label="Number format"
        options={
          native
            ? WRITTEN.map((type) => [type, typeName(type)])
            : [[null, 'as is'], ...WRITTEN.map((type) => [type, typeName(type).replace('float', 'f')] as const)]
        }
        value={plan.dtype ?? native}
        onChange={(type) => dispatch({ type: 'resize', changes: { dtype: type === native ? null : type } })}
      />
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
      <Choice
        aria-label="Singular values go into"
        options={[
          ['both', <Typeset key="both">√σ in each</Typeset>],
          ['up', <Typeset key="up">all in B</Typeset>],
        ]}
        value={split}
        onChange={(to) => dispatch({ type: 'resize', changes: { split: to } })}
      />
      <p className="note">{alphaNote(cut)}</p>
    </div>
  );
}
