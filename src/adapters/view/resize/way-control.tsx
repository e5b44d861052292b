import { type ReactNode, useId, useMemo } from 'react';
import { trimmed } from '../../../experiment/numbers.ts';
import { Choice } from '../../../kit/choice.tsx';
import { readings, useTyped } from '../../../kit/number-field.tsx';
import { Slider } from '../../../kit/slider.tsx';
import { held, type Track } from '../../../kit/track.ts';
import type { ResizeWay } from '../../file/model.ts';
import { SERVED, servedRank } from '../../file/resize/foretell.ts';
import { type Cut, curvesOf } from '../../state/foretold.ts';
import { useAdaptersDispatch } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { setShare, wayNote } from './cut-words.ts';
import { bytesTrack, RATIO_TRACK, rankTrack, SHARE_TRACK, T_TRACK } from './tracks.ts';
import { firstT, KOHYA } from './ways.ts';

/** What the chosen way asks for: a slider with the typed value, in the rail and in a phone's dock. */
export function WayControl({ cut, brief = false }: { readonly cut: Cut; readonly brief?: boolean }) {
  const dispatch = useAdaptersDispatch();
  const { way } = cut.plan;
  const set = (next: ResizeWay) => dispatch({ type: 'way', way: next });
  switch (way.by) {
    case 'energy':
      return <Share label="Energy kept, at least" value={way.share} onChange={(share) => set({ ...way, share })} />;
    case 'rank':
      return <Rank cut={cut} value={way.rank} onChange={(rank) => set({ ...way, rank })} />;
    case 'bytes':
      return <Bytes cut={cut} value={way.bytes} brief={brief} onChange={(bytes) => set({ ...way, bytes })} />;
    case 'served':
      return (
        <>
          <Share label="Energy kept, at least" value={way.share} onChange={(share) => set({ ...way, share })} />
          {!brief && <Rounded cut={cut} way={way} onChange={set} />}
        </>
      );
    case 'sv_fro':
    case 'sv_ratio':
    case 'sv_cumulative':
      return (
        <>
          {!brief && <Rules way={way} onChange={set} />}
          {way.by === 'sv_ratio' ? (
            <CutSlider
              label="t, the quotient of σ₁"
              value={way.t}
              track={RATIO_TRACK}
              text={trimmed(way.t)}
              unit={1}
              onChange={(t) => set({ ...way, t })}
            >
              {!brief && <p className="note">{wayNote(way)}</p>}
            </CutSlider>
          ) : (
            <CutSlider
              label="t, at least"
              value={way.t}
              track={T_TRACK}
              text={trimmed(way.t, 4)}
              unit={1}
              onChange={(t) => set({ ...way, t })}
            >
              {!brief && <p className="note">{wayNote(way)}</p>}
            </CutSlider>
          )}
        </>
      );
    case 'hand':
      return <p className="note">Cuts set one by one in the spectra. Another choice above sets them all.</p>;
    default:
      return way satisfies never;
  }
}

interface ShareProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (share: number) => void;
}

function Share({ label, value, onChange }: ShareProps) {
  return (
    <CutSlider label={label} value={value} track={SHARE_TRACK} text={setShare(value)} unit={0.01} onChange={onChange} />
  );
}

interface ValueProps {
  readonly cut: Cut;
  readonly value: number;
  readonly brief?: boolean;
  readonly onChange: (value: number) => void;
}

function Rank({ cut, value, onChange }: ValueProps) {
  const most = Math.max(...cut.file.adapter.modules.filter((_, i) => cut.spectra[i]).map(({ rank }) => rank));
  const track = useMemo(() => rankTrack(most), [most]);
  const set = (rank: number) => onChange(Math.max(1, Math.round(rank)));
  return (
    <CutSlider label="Rank of every module" value={value} track={track} text={String(value)} unit={1} onChange={set} />
  );
}

function Bytes({ cut, value, brief, onChange }: ValueProps) {
  const { floor } = curvesOf(cut);
  const [least, most] = [floor[0]?.bytes ?? 0, floor.at(-1)?.bytes ?? 1];
  const track = useMemo(() => bytesTrack(least, most), [least, most]);
  const unit = value >= 1e9 ? 1e9 : value >= 1e5 ? 1e6 : 1e3;
  return (
    <CutSlider
      label="Size, at most"
      value={value}
      track={track}
      text={megabytes(value)}
      unit={unit}
      onChange={(bytes) => onChange(Math.round(bytes))}
    >
      {!brief && <p className="note">{wayNote(cut.plan.way)}</p>}
    </CutSlider>
  );
}

interface RoundedProps {
  readonly cut: Cut;
  readonly way: Extract<ResizeWay, { readonly by: 'served' }>;
  readonly onChange: (way: ResizeWay) => void;
}

/** The smallest rank of a server that is enough, or the next one below. */
function Rounded({ cut, way, onChange }: RoundedProps) {
  const ranks = [false, true].map((below) => servedRank(cut.spectra, way.share, below));
  if (ranks[0] === ranks[1])
    return (
      <p className="note">
        Rank {ranks[0]}. Servers take rank {SERVED.join(', ')}. A module keeps no more than its own rank; for a rank
        below {SERVED[0]}, choose “the same rank”.
      </p>
    );
  return (
    <div className="ctl">
      <Choice
        aria-label="Rank for the server"
        options={[
          [false, `enough: ${ranks[0]}`],
          [true, `at most: ${ranks[1]}`],
        ]}
        value={way.below ?? false}
        onChange={(below) => onChange({ ...way, below })}
      />
      <p className="note">Servers take rank {SERVED.join(', ')}. A module keeps no more than its own rank.</p>
    </div>
  );
}

interface RulesProps {
  readonly way: Extract<ResizeWay, { readonly t: number }>;
  readonly onChange: (way: ResizeWay) => void;
}

function Rules({ way, onChange }: RulesProps) {
  return (
    <Choice
      aria-label="Rule"
      options={KOHYA.map((by) => [by, by.replace('sv_', '')])}
      value={way.by}
      onChange={(by) => onChange({ by, t: firstT(by, way.t) })}
    />
  );
}

interface CutSliderProps {
  readonly label: string;
  readonly value: number;
  readonly track: Track;
  readonly text: string;
  /** The typed number in the slider's unit: 95 for 95%. */
  readonly unit: number;
  readonly onChange: (value: number) => void;
  readonly children?: ReactNode;
}

/** A setting of the cut: label, typed value, slider with ticks. */
function CutSlider({ label, value, track, text, unit, onChange, children }: CutSliderProps) {
  const id = useId();
  return (
    <div className="ctl cut-slider">
      <div className="hd">
        <label htmlFor={id}>{label}</label>
        <Typed
          label={`${label}, typed`}
          value={value}
          text={text}
          unit={unit}
          onValue={(typed) => onChange(held(typed, track))}
        />
      </div>
      <Slider id={id} track={track} value={value} text={text} onValue={onChange} />
      {children}
    </div>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly unit?: number;
  /** What an empty field means; left out: what it was. */
  readonly empty?: number;
  readonly onValue: (value: number) => void;
}

/** A number in words that can be typed over. What is no number above 0 changes nothing. */
export function Typed({ label, value, text, unit = 1, empty = value, onValue }: TypedProps) {
  const { field } = useTyped({
    value,
    text,
    read: (typed) => {
      const [n = 0] = readings(typed.replace(/\s*(?:%|[kMG]?B)\s*$/i, ''));
      return typed.trim() === '' ? empty : n > 0 ? n * unit : value;
    },
    onValue,
  });
  return (
    <input
      {...field}
      className="num"
      aria-label={label}
      style={{ width: `${Math.max(3, field.value.length) + 1}ch` }}
    />
  );
}
