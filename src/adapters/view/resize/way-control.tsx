import { useId, useMemo } from 'react';
import { trim } from '../../../experiment/numbers.ts';
import { Choice } from '../../../kit/button.tsx';
import { readings, useTypedNumber } from '../../../kit/number-field.tsx';
import { clampToTrack, Slider, type Track } from '../../../kit/slider.tsx';
import { errorText } from '../../charts/resize/cut-spectrum.ts';
import type { ResizeWay } from '../../file/model.ts';
import { SERVER_RANKS, serverRank } from '../../file/resize/predict-resize.ts';
import { type CutPlan, floorOf, oneRankOf } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { megabytes, sizeParts } from '../size-words.ts';
import { cutObstacleWords, lacksAlpha, setShare, wayNote } from './cut-words.ts';
import { bytesTrack, byteUnit, RATIO_TRACK, rankTrack, SHARE_TRACK, THRESHOLD_TRACK } from './tracks.ts';

export type ResizeChoice = 'energy' | 'rank' | 'bytes' | 'served' | 'kohya' | 'hand';

interface WayChoice {
  readonly name: string;
  readonly note?: string;
  /** The initial value, as close to the present plan as possible. */
  readonly initial: (cut: CutPlan) => ResizeWay;
}

const SHARE = 0.95;

export const CHOICES: Readonly<Record<ResizeChoice, WayChoice>> = {
  energy: { name: 'a share of the energy', initial: () => ({ by: 'energy', share: SHARE }) },
  rank: {
    name: 'the same rank',
    initial: (cut) => ({
      by: 'rank',
      rank: oneRankOf(cut).findLast(({ bytes }) => bytes <= cut.foretold.bytes)?.rank ?? 1,
    }),
  },
  bytes: { name: 'least error for a size', initial: ({ foretold }) => ({ by: 'bytes', bytes: foretold.bytes }) },
  served: { name: 'a rank that servers take', note: '8–512', initial: () => ({ by: 'served', share: SHARE }) },
  kohya: { name: 'kohya’s rules', note: '3 rules', initial: () => ({ by: 'sv_fro', t: SHARE }) },
  hand: { name: 'as set by hand', initial: ({ foretold }) => ({ by: 'hand', ranks: foretold.ranks }) },
};

export function choiceOf({ by }: ResizeWay): ResizeChoice {
  return by === 'sv_fro' || by === 'sv_cumulative' || by === 'sv_ratio' ? 'kohya' : by;
}

const KOHYA_RULES = ['sv_fro', 'sv_ratio', 'sv_cumulative'] as const;

/** sv_ratio is a quotient, the others are shares. */
const initialThreshold = (rule: (typeof KOHYA_RULES)[number], before: number) =>
  rule === 'sv_ratio' ? (before > 1 ? before : 10) : before > 1 ? SHARE : before;

export function WayControl({ cut, brief = false }: { readonly cut: CutPlan; readonly brief?: boolean }) {
  const dispatch = useAdaptersDispatch();
  const set = (way: ResizeWay) => dispatch({ type: 'way', way });
  const { way } = cut.plan;
  const slider = useWaySlider(cut);
  if (!slider) return <p className="note">Cuts set one by one in the spectra. Another choice above sets them all.</p>;
  const { wayAt, ...fields } = slider;
  const note = brief ? '' : wayNote(way);
  return (
    <>
      {!brief && 't' in way && (
        <Choice
          aria-label="Rule"
          options={KOHYA_RULES.map((by) => [by, by.replace('sv_', '')])}
          value={way.by}
          onChange={(by) => set({ by, t: initialThreshold(by, way.t) })}
        />
      )}
      <CutSlider key={fields.label} {...fields} note={note} onChange={(value) => set(wayAt(value))} />
      {!brief && way.by === 'served' && <RoundingControl cut={cut} way={way} onChange={set} />}
    </>
  );
}

interface WaySlider extends Pick<CutSliderProps, 'label' | 'value' | 'track' | 'text' | 'unit'> {
  readonly wayAt: (value: number) => ResizeWay;
}

/** The number that sets a way; null for cuts by hand. */
function useWaySlider(cut: CutPlan): WaySlider | null {
  const { way } = cut.plan;
  const highest = Math.max(...cut.file.adapter.modules.filter((_, i) => cut.spectra[i]).map(({ rank }) => rank));
  const ranks = useMemo(() => rankTrack(highest), [highest]);
  // The least error of every size is much to find for a large file: the figure beside this does it in its own task.
  const floor = way.by === 'bytes' ? floorOf(cut) : [];
  const [min, max] = [floor[0]?.bytes ?? 0, floor.at(-1)?.bytes ?? 1];
  const sizes = useMemo(() => bytesTrack(min, max), [min, max]);
  switch (way.by) {
    case 'energy':
    case 'served': {
      const { share } = way;
      const fields = { label: 'Energy kept, at least', track: SHARE_TRACK, text: setShare(share), unit: 0.01 };
      return { ...fields, value: share, wayAt: (to) => ({ ...way, share: to }) };
    }
    case 'rank': {
      const wayAt = (rank: number): ResizeWay => ({ ...way, rank: Math.max(1, Math.round(rank)) });
      return { label: 'Rank of every module', value: way.rank, track: ranks, text: String(way.rank), unit: 1, wayAt };
    }
    case 'bytes': {
      const { bytes } = way;
      const unit = byteUnit(bytes);
      const wayAt = (to: number): ResizeWay => ({ ...way, bytes: Math.round(to) });
      return { label: 'Size, at most', value: bytes, track: sizes, text: megabytes(bytes), unit, wayAt };
    }
    case 'sv_fro':
    case 'sv_ratio':
    case 'sv_cumulative': {
      const ratio = way.by === 'sv_ratio';
      return {
        label: ratio ? 't, the quotient of σ₁' : 't, at least',
        track: ratio ? RATIO_TRACK : THRESHOLD_TRACK,
        text: trim(way.t, ratio ? 3 : 4),
        unit: 1,
        value: way.t,
        wayAt: (t) => ({ ...way, t }),
      };
    }
    case 'hand':
      return null;
    default:
      return way satisfies never;
  }
}

interface RoundingControlProps {
  readonly cut: CutPlan;
  readonly way: Extract<ResizeWay, { readonly by: 'served' }>;
  readonly onChange: (way: ResizeWay) => void;
}

/** The smallest rank of a server that is enough, or the next one below. */
function RoundingControl({ cut, way, onChange }: RoundingControlProps) {
  const [enough, below] = [false, true].map((lower) => serverRank(cut.spectra, way.share, lower));
  if (enough === below)
    return (
      <p className="note">
        Rank {enough}. Servers accept rank {SERVER_RANKS.join(', ')}. A module keeps no more than its own rank; for a
        rank below {SERVER_RANKS[0]}, choose “the same rank”.
      </p>
    );
  return (
    <div className="ctl">
      <Choice
        aria-label="Rank for the server"
        options={[
          [false, `enough: ${enough}`],
          [true, `at most: ${below}`],
        ]}
        value={way.below ?? false}
        onChange={(lower) => onChange({ ...way, below: lower })}
      />
      <p className="note">Servers accept rank {SERVER_RANKS.join(', ')}. A module keeps no more than its own rank.</p>
    </div>
  );
}

interface CutSliderProps {
  readonly label: string;
  readonly value: number;
  readonly track: Track;
  readonly text: string;
  /** Of the typed number: 0.01 for 95%. */
  readonly unit: number;
  readonly note: string;
  readonly onChange: (value: number) => void;
}

export function CutSlider({ label, value, track, text, unit, note, onChange }: CutSliderProps) {
  const id = useId();
  const type = (typed: number) => onChange(clampToTrack(typed, track));
  return (
    <div className="ctl cut-slider">
      <div className="hd">
        <label htmlFor={id}>{label}</label>
        <TypedNumberField label={`${label}, typed`} value={value} text={text} unit={unit} onValue={type} />
      </div>
      <Slider id={id} track={track} value={value} text={text} onValue={onChange} />
      {note !== '' && <p className="note">{note}</p>}
    </div>
  );
}

interface TypedNumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly unit?: number;
  /** The value of an empty field; default: the old value. */
  readonly empty?: number;
  /** Takes each number as it is typed. */
  readonly live?: boolean;
  readonly onValue: (value: number) => void;
}

/** An editable number in words. Input that is no number above 0 changes nothing. */
export function TypedNumberField({
  label,
  value,
  text,
  unit = 1,
  empty = value,
  live,
  onValue,
}: TypedNumberFieldProps) {
  const { field } = useTypedNumber({
    value,
    text,
    live,
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

export interface CutProps {
  readonly cut: CutPlan;
}

/** "1.20 → 0.439 MB": the unit once if both have it. */
function sizesText({ file, foretold }: CutPlan): string {
  const [[from, unit], [to, other]] = [sizeParts(file.adapter.bytes), sizeParts(foretold.bytes)];
  return unit === other ? `${from} → ${to} ${unit}` : `${from} ${unit} → ${to} ${other}`;
}

export function PredictedSize({ cut }: CutProps) {
  return (
    <div className="foretold">
      <p className="note">Preview</p>
      <p className="entry-title">{sizesText(cut)}</p>
      <p>
        error <b>{errorText(cut.foretold.error)}</b>, by Eckart–Young
      </p>
    </div>
  );
}

export function WriteButton({ cut }: CutProps) {
  const work = useAdapters((s) => s.work);
  const lacks = lacksAlpha(cut);
  const same = cut.foretold.bytes >= cut.file.adapter.bytes * 0.999;
  return (
    <div className="write">
      <EventButton
        className="btn main wide"
        disabled={lacks || work !== null}
        aria-describedby={lacks ? 'write-off' : undefined}
        event={{ type: 'write', does: 'resize' }}
      >
        {work?.does === 'resize' ? 'Writing …' : same ? 'Write the file' : 'Write the smaller file'}
      </EventButton>
      {lacks && <AlphaMissing id="write-off" />}
    </div>
  );
}

export function AlphaMissing({ id }: { readonly id: string }) {
  return (
    <p className="note" id={id}>
      α is not known. A cut changes r and with it s = α/r, so α must be written anew.{' '}
      <EventButton className="link set-alpha" event={{ type: 'alpha', answer: 'ask' }}>
        Set α
      </EventButton>
    </p>
  );
}

/** Why there is no cut of the open file. */
export function CutObstacle() {
  const file = useAdapters((s) => s.files[0]);
  if (!file) return null;
  if (file.reading)
    return (
      <p className="claim">
        A cut needs the spectra of all modules: {file.reading.done} of {file.figures.length} are read.
      </p>
    );
  const [fact, reason] = cutObstacleWords(file) ?? ['Nothing can be cut.', ''];
  return (
    <div className="notice" role="status">
      <p>
        <b>{fact}</b> {reason}
      </p>
    </div>
  );
}

export function CutDock({ cut }: CutProps) {
  return (
    <section className="foot-bar cut-dock" aria-label="Cut and write">
      <WayControl cut={cut} brief />
      <div className="row between space-above">
        <p className="stack foretold-brief">
          <span className="entry-title">{sizesText(cut)}</span>
          <span>
            error <b>{errorText(cut.foretold.error)}</b>
          </span>
        </p>
        <WriteButton cut={cut} />
      </div>
    </section>
  );
}
