import { useMemo } from 'react';
import { count, plural } from '../../../experiment/numbers.ts';
import { Choice } from '../../../kit/button.tsx';
import { useWidth } from '../../../kit/media.tsx';
import type { Track } from '../../../kit/slider.tsx';
import type { DifferenceWay } from '../../file/checkpoints/lora-file.ts';
import type { OutputType } from '../../file/model.ts';
import type { ModelsState } from '../../state/models-state.ts';
import type { LoraOutlook } from '../../worker/protocol.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { FactList, NameDetails } from '../rail.tsx';
import { setShare, typeName } from '../resize/cut-words.ts';
import { bytesTrack, byteUnit, rankTrack, SHARE_TRACK } from '../resize/tracks.ts';
import { CutSlider } from '../resize/way-control.tsx';
import { megabytes } from '../size-words.ts';
import { modelsRemarks, outlookWords } from './models-words.ts';

export interface ModelsProps {
  readonly models: ModelsState;
}

/** Both models, what was not compared, and the LoRA to be cut. */
export function ModelsRail({ models }: ModelsProps) {
  const width = useWidth();
  const content = (
    <>
      <Heads models={models} />
      <LoraSettings models={models} />
      <Remarks models={models} />
      <div className="under-rule foot">
        <EventButton className="btn" event={{ type: 'models-swap' }}>
          Swap
        </EventButton>
        <span className="row">
          <EventButton event={{ type: 'models-close' }}>Close both</EventButton>
          <EventButton event={{ type: 'save', what: 'models-csv' }} aria-label="Save all tensors as CSV">
            CSV
          </EventButton>
        </span>
      </div>
    </>
  );
  if (width === 'desk')
    return (
      <aside className="adapters-rail" aria-label="Two models">
        {content}
      </aside>
    );
  return (
    <aside className="adapters-fold" aria-label="Two models">
      <details open={width !== 'phone'}>
        <summary className="row">
          <b className="cut">Cut a LoRA</b>
          <span className="cut">{models.matched?.fine.name}</span>
        </summary>
        <div className="adapters-rail">{content}</div>
      </details>
    </aside>
  );
}

function Heads({ models: { matched } }: ModelsProps) {
  if (!matched) return null;
  const heads = [
    ['Base', matched.base],
    ['Fine-tuned', matched.fine],
  ] as const;
  return (
    <div className="file">
      {heads.map(([role, { name, bytes, tensors }]) => (
        <div key={role}>
          <p className="note">{role}</p>
          <b>{name}</b>
          <p className="note">{`${megabytes(bytes)}, ${plural(tensors, 'tensor')}`}</p>
        </div>
      ))}
    </div>
  );
}

function Remarks({ models }: ModelsProps) {
  const remarks = useMemo(() => modelsRemarks(models), [models]);
  if (models.reading || remarks.length === 0) return null;
  return (
    <section>
      <h2>What to know</h2>
      <ul className="know">
        {remarks.map(({ title, details, names, tone }) => (
          <li key={title} className={tone === 'look' ? undefined : tone}>
            <b>{title}</b>
            <span className="muted block">{details}</span>
            {names.length > 0 && <NameDetails names={names} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

const WAYS = [
  ['rank', 'the same rank'],
  ['energy', 'a share of the energy'],
  ['bytes', 'least error for a size'],
] as const;

const TYPES: readonly (readonly [OutputType | null, string])[] = [
  [null, 'as is'],
  ...(['F32', 'F16', 'BF16'] as const).map((type) => [type, typeName(type).replace('float', 'f')] as const),
];

function LoraSettings({ models }: ModelsProps) {
  const dispatch = useAdaptersDispatch();
  const { plan, outlook, refused, reading } = models;
  if (reading) return <p className="note">A LoRA is cut once all tensors are measured.</p>;
  if (refused)
    return (
      <p className="note">
        {refused.fault} {refused.details}
      </p>
    );
  if (!outlook) return null;
  const { way, names, dtype } = plan;
  const set = (changes: Partial<ModelsState['plan']>) => dispatch({ type: 'models-plan', changes });
  const initial: Readonly<Record<DifferenceWay['by'], () => DifferenceWay>> = {
    rank: () => ({ by: 'rank', rank: 16 }),
    energy: () => ({ by: 'energy', share: 0.9 }),
    bytes: () => ({ by: 'bytes', bytes: outlook.bytes }),
  };
  return (
    <section aria-label="Cut a LoRA" className="stack lora-settings">
      <fieldset className="radios">
        <legend>Cut a LoRA with</legend>
        {WAYS.map(([by, name]) => (
          <label key={by} className={by === way.by ? 'strong' : undefined}>
            <input type="radio" name="lora-way" checked={by === way.by} onChange={() => set({ way: initial[by]() })} />
            {name}
          </label>
        ))}
      </fieldset>
      <WaySlider models={models} outlook={outlook} onWay={(to) => set({ way: to })} />
      <div className="ctl">
        <Choice
          aria-label="Names"
          options={[
            ['peft', 'PEFT’s names'],
            ['kohya', 'kohya’s'],
          ]}
          value={names}
          onChange={(to) => set({ names: to })}
        />
      </div>
      <div className="ctl">
        <Choice aria-label="Number format" options={TYPES} value={dtype} onChange={(to) => set({ dtype: to })} />
      </div>
      <Outlook outlook={outlook} />
      <WriteLora />
    </section>
  );
}

interface WaySliderProps extends ModelsProps {
  readonly outlook: LoraOutlook;
  readonly onWay: (way: DifferenceWay) => void;
}

function WaySlider({ models: { plan, figures }, outlook, onWay }: WaySliderProps) {
  const most = Math.max(
    1,
    ...figures.map((of, i) => (outlook.ranks[i] === null ? 0 : (of?.spectrum?.sigma.length ?? 0))),
  );
  const ranks = useMemo(() => rankTrack(most), [most]);
  const [least, all] = outlook.sizes;
  const sizes = useMemo(() => bytesTrack(least, Math.max(all, least + 1)), [least, all]);
  const { key, wayAt, ...fields } = sliderOf(plan.way, { most, ranks, sizes });
  return <CutSlider key={key} {...fields} note="" onChange={(value) => onWay(wayAt(value))} />;
}

interface SliderTracks {
  readonly most: number;
  readonly ranks: Track;
  readonly sizes: Track;
}

function sliderOf(way: DifferenceWay, { most, ranks, sizes }: SliderTracks) {
  switch (way.by) {
    case 'rank': {
      const value = Math.min(way.rank, most);
      const wayAt = (rank: number): DifferenceWay => ({ by: 'rank', rank: Math.max(1, Math.round(rank)) });
      return { key: way.by, label: 'Rank of every module', value, text: String(value), track: ranks, unit: 1, wayAt };
    }
    case 'energy': {
      const { share: value } = way;
      const wayAt = (share: number): DifferenceWay => ({ by: 'energy', share });
      const fields = { label: 'Energy kept, at least', text: setShare(value), track: SHARE_TRACK, unit: 0.01 };
      return { key: way.by, value, wayAt, ...fields };
    }
    case 'bytes': {
      const { bytes: value } = way;
      const wayAt = (bytes: number): DifferenceWay => ({ by: 'bytes', bytes: Math.round(bytes) });
      const fields = { label: 'Size, at most', text: megabytes(value), track: sizes, unit: byteUnit(value) };
      return { key: way.by, value, wayAt, ...fields };
    }
    default:
      return way satisfies never;
  }
}

function Outlook({ outlook }: { readonly outlook: LoraOutlook }) {
  const { bytes, ranks, short, left } = outlook;
  const used = ranks.filter((rank) => rank !== null);
  const [low, high] = [Math.min(...used), Math.max(...used)];
  return (
    <div className="foretold">
      <p className="note">Preview</p>
      <p className="entry-title">{megabytes(bytes)}</p>
      <p>
        error <b>{outlookWords(outlook)}</b>
      </p>
      <p className="note">before its factors are rounded</p>
      <FactList
        facts={[
          ['modules', count(used.length)],
          ['ranks', low === high ? count(low) : `${count(low)} to ${count(high)}`],
        ]}
      />
      {short.length > 0 && (
        <p className="note">
          {plural(short.length, 'module')} {short.length === 1 ? 'needs' : 'need'} more directions than were looked for,
          and {short.length === 1 ? 'has' : 'have'} all of these. <NameDetails names={short} />
        </p>
      )}
      {left.length > 0 && (
        <p className="note">
          {plural(left.length, 'changed tensor')} {left.length === 1 ? 'is' : 'are'} not in it.{' '}
          <NameDetails names={left} />
        </p>
      )}
    </div>
  );
}

function WriteLora() {
  const work = useAdapters((s) => s.work);
  return (
    <EventButton className="btn main wide" disabled={work !== null} event={{ type: 'write', does: 'extract' }}>
      {work?.does === 'extract' ? 'Writing …' : 'Write the LoRA'}
    </EventButton>
  );
}
