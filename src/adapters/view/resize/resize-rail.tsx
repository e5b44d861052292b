import './resize.css';
import { type ReactNode, useRef } from 'react';
import { number } from '../../../experiment/numbers.ts';
import { Choice, optionsOf } from '../../../kit/button.tsx';
import { InTurn } from '../../../kit/chart/use-in-turn.ts';
import { useWidth } from '../../../kit/media.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import type { ResizeWay } from '../../file/model.ts';
import { type GrowPlan, MOST_RANK } from '../../file/resize/grown-file.ts';
import { cutPlan, growthPlan } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { Seed } from '../seed.tsx';
import { megabytes } from '../size-words.ts';
import { alphaNote, factorTypes, formatNote, OUTPUT_TYPES, typeName } from './cut-words.ts';
import {
  CHOICES,
  type CutProps,
  choiceOf,
  PredictedSize,
  type ResizeChoice,
  TypedNumberField,
  WayControl,
  WriteButton,
} from './way-control.tsx';

export default function ResizeRail() {
  const cut = useAdapters(cutPlan);
  // If the rail is folded above the page, slider and prediction are in the dock.
  const narrow = useWidth() !== 'desk';
  if (!cut) return null;
  return (
    <>
      <Ways cut={cut} />
      {!narrow && (
        <InTurn>
          <WayControl cut={cut} />
        </InTurn>
      )}
      {choiceOf(cut.plan.way) !== 'hand' && <Limits cut={cut} />}
      <Format cut={cut} />
      <Split cut={cut} />
      {!narrow && (
        <>
          <PredictedSize cut={cut} />
          <WriteButton cut={cut} />
          <p className="note after">
            Written files are read back: the error must match this number within the rounding of the format.
          </p>
        </>
      )}
      <Grow />
    </>
  );
}

/** The other way: a higher rank with the same ΔW. */
function Grow() {
  const growth = useAdapters(growthPlan);
  const going = useAdapters((s) => s.work !== null);
  const dispatch = useAdaptersDispatch();
  if (!growth) return null;
  const { rank, seed, fault, bytes, error } = growth;
  const grow = (changes: Partial<GrowPlan>) => dispatch({ type: 'grow', changes });
  return (
    <section className="ctl limits" aria-label="Grow">
      <div className="hd">
        <span className="lb">Or grow to rank</span>
        <TypedNumberField
          label="Rank to grow to"
          value={rank}
          text={String(rank)}
          empty={rank}
          onValue={(to) => grow({ rank: Math.max(1, Math.min(MOST_RANK, Math.round(to))) })}
        />
      </div>
      <Seed value={seed} onValue={(to) => grow({ seed: to })} />
      <p className="note">
        {fault
          ? `${fault.fault} ${fault.details}`
          : `${megabytes(bytes)}. New rows of A are random, new columns of B zero; ${error === 0 ? 'no bit of ΔW changes' : `no type holds every α, so s changes by ${number(error)} of itself`}.`}
      </p>
      <EventButton
        className="btn wide space-above"
        disabled={going || fault !== null}
        event={{ type: 'write', does: 'grow' }}
      >
        Write the grown file
      </EventButton>
    </section>
  );
}

const CHOSEN = optionsOf(CHOICES);

function Ways({ cut }: CutProps) {
  const dispatch = useAdaptersDispatch();
  const chosen = choiceOf(cut.plan.way);
  // A way chosen again keeps its value.
  const left = useRef(new Map<ResizeChoice, ResizeWay>());
  const choose = (choice: ResizeChoice) => {
    left.current.set(chosen, cut.plan.way);
    dispatch({ type: 'way', way: left.current.get(choice) ?? CHOICES[choice].initial(cut) });
  };
  return (
    <fieldset className="radios">
      <legend>Keep in each module</legend>
      {CHOSEN.filter(([choice]) => choice !== 'hand' || chosen === 'hand').map(([choice, { name, note }]) => (
        <label key={choice} className={choice === chosen ? 'strong' : undefined}>
          <input type="radio" name="way" checked={choice === chosen} onChange={() => choose(choice)} />
          {name}
          {note && <span className="note">{note}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function Limits({ cut: { file, plan, spectra } }: CutProps) {
  const dispatch = useAdaptersDispatch();
  const max = Math.max(...file.adapter.modules.filter((_, i) => spectra[i]).map(({ rank }) => rank));
  const limits = [
    { key: 'most', text: 'Rank at most', label: 'Rank at most' },
    { key: 'mostOfConvolutions', text: 'of convolutions', label: 'Rank of convolutions at most' },
  ] as const;
  const set = (key: (typeof limits)[number]['key'], value: number) => {
    const limit = Math.max(1, Math.min(max, Math.round(value)));
    dispatch({ type: 'resize', changes: { [key]: limit === max ? null : limit } });
  };
  return (
    <div className="ctl limits">
      {limits.slice(0, spectra.some((one) => one?.convolution) ? 2 : 1).map(({ key, text, label }) => {
        const value = plan[key] ?? max;
        return (
          <div key={key} className="hd">
            <span className="lb">{text}</span>
            <TypedNumberField
              label={label}
              value={value}
              text={String(value)}
              empty={max}
              onValue={(to) => set(key, to)}
            />
          </div>
        );
      })}
    </div>
  );
}

interface CutSettingProps {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Setting({ name, note, children }: CutSettingProps) {
  return (
    <div className="ctl">
      <div className="hd">
        <span className="lb">{name}</span>
      </div>
      {children}
      <p className="note">{note}</p>
    </div>
  );
}

function Format({ cut: { file, plan, spectra } }: CutProps) {
  const dispatch = useAdaptersDispatch();
  const types = factorTypes(file.adapter.modules.filter((_, i) => spectra[i]));
  const [own] = types;
  const native = (types.length === 1 && OUTPUT_TYPES.find((type) => type === own)) || null;
  return (
    <Setting name="Write numbers as" note={formatNote(types, plan.dtype)}>
      <Choice
        aria-label="Number format"
        options={
          native
            ? OUTPUT_TYPES.map((type) => [type, typeName(type)])
            : [[null, 'as is'], ...OUTPUT_TYPES.map((type) => [type, typeName(type).replace('float', 'f')] as const)]
        }
        value={plan.dtype ?? native}
        onChange={(type) => dispatch({ type: 'resize', changes: { dtype: type === native ? null : type } })}
      />
    </Setting>
  );
}

function Split({ cut }: CutProps) {
  const dispatch = useAdaptersDispatch();
  const name = 'Split singular values';
  return (
    <Setting name={name} note={alphaNote(cut)}>
      <Choice
        aria-label={name}
        options={[
          ['both', <Symbols key="both">√σ in each</Symbols>],
          ['up', <Symbols key="up">all in B</Symbols>],
        ]}
        value={cut.plan.split}
        onChange={(split) => dispatch({ type: 'resize', changes: { split } })}
      />
    </Setting>
  );
}
