import { Button } from '../../kit/button.tsx';
import { goTo, WHICH_ADAPTER } from '../../state/places.ts';
import './experiments.css';
import { type MouseEvent, useEffect, useId, useState } from 'react';
import { plural } from '../../experiment/numbers.ts';
import { PRESET_GROUPS, type Preset, presets } from '../../experiment/presets.ts';
import recorded from '../../experiment/recorded/recorded.json';
import type { SmallPicture } from '../../experiment/recorded/small-picture.ts';
import { type CollectionReading, unpackCollection } from '../../state/collection/collection.ts';
import { choosePreset } from '../bar/experiments.tsx';
import { Notices } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';
import { rankSweepLink } from '../sweep/questions.ts';
import { OwnExperimentList, RecordedPicture } from './own-experiments.tsx';
import { presetWords } from './preset-words/words-by-preset.ts';

const RECORDED = recorded as unknown as Readonly<Record<string, { readonly picture: SmallPicture }>>;

export default function ExperimentsPage() {
  return (
    <main id="main" tabIndex={-1} className="screen experiments-page">
      <Notices />
      <div className="all">
        <div className="title-row">
          <h2>Experiments</h2>
          <Press className="link" event={goTo('lab')}>
            Back to the lab
          </Press>
        </div>
        <p>
          Seven kinds of update against nine adapters, in one map:{' '}
          <Press className="link under" event={goTo('which')}>
            {presets.byName(WHICH_ADAPTER).label}
          </Press>
        </p>
        <p>
          Twelve complaints, each reproduced in seconds, with the switch that cures it:{' '}
          <Press className="link under" event={goTo('clinic')}>
            The clinic
          </Press>
        </p>
        {Object.entries(PRESET_GROUPS).map(([group, title]) => (
          <Group key={group} title={title} list={presets.all.filter((preset) => preset.group === group)} />
        ))}
        <section aria-labelledby="two-dials">
          <h3 id="two-dials">Four knobs, two dials</h3>
          <p>
            Turn α, the size of A and both rates together, and not a bit of the run changes: what they do is two dials.{' '}
            <Press className="link under" event={{ type: 'viewed', changes: { dials: 'rule:adam' } }}>
              Turn them
            </Press>
          </p>
        </section>
        <p className="note">
          Every claim is tested with five seeds whenever the page is built: the runs are trained, and the figures and
          pictures are compared. A picture is of seed 1; a figure without a range is the median.
        </p>
      </div>
      <aside>
        <Brought />
        <OwnExperimentList />
        <section className="under-rule for-class" aria-labelledby="for-class">
          <h2 id="for-class">For a class</h2>
          <p>Choose what students may change, set a goal, and hand out one link or its QR code.</p>
          <Press event={goTo('class')}>Make a class link …</Press>
          <p>Collect the runs of a class in one picture and one table.</p>
          <Press event={goTo('wall')}>Open the class wall</Press>
        </section>
      </aside>
    </main>
  );
}

function Group({ title, list }: { readonly title: string; readonly list: readonly Preset[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul className="items">
        {list.map((preset) => (
          <Item key={preset.name} preset={preset} />
        ))}
      </ul>
    </section>
  );
}

function Item({ preset: { name, label, link, group } }: { readonly preset: Preset }) {
  const open = useLab((s) => s.preset === name);
  const dispatch = useDispatch();
  const id = useId();
  const press = (event: MouseEvent) => {
    // As for any link: in another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choosePreset(name, dispatch);
  };
  return (
    <li>
      <a
        className="item"
        href={link}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-claim`}
        aria-current={open ? 'true' : undefined}
        onClick={press}
      >
        <RecordedPicture picture={RECORDED[name].picture} />
        <span>
          <b id={`${id}-title`}>{label}</b>
          <span className="block claim-line" id={`${id}-claim`}>
            {presetWords(name).claim}
          </span>
        </span>
      </a>
      {group === 'rank' && (
        <a className="link under sweep-rank" href={rankSweepLink(name)} aria-label={`Sweep the rank: ${label}`}>
          Sweep the rank
        </a>
      )}
    </li>
  );
}

/** Experiments in the link; kept only on request. */
function Brought() {
  const packed = useLab((s) => s.view.experiments);
  const [read, setRead] = useState<{ readonly of: string; readonly found: CollectionReading } | null>(null);
  const dispatch = useDispatch();
  useEffect(() => {
    if (packed !== '') void unpackCollection(packed).then((found) => setRead({ of: packed, found }));
  }, [packed]);
  if (packed === '' || read?.of !== packed) return null;
  const { found } = read;
  const away = () => dispatch({ type: 'viewed', changes: { experiments: '' } });
  if ('fault' in found)
    return (
      <section className="brought" aria-label="Experiments in this link">
        <p>
          <b>The experiments in this link could not be read.</b> {found.fault}
        </p>
        <Button onClick={away}>Close</Button>
      </section>
    );
  return (
    <section className="brought" aria-label="Experiments in this link">
      <p>
        <b>This link brings {plural(found.experiments.length, 'experiment')}.</b>
      </p>
      <ul>
        {found.experiments.map(({ title, note }, i) => (
          <li key={i}>
            {title}
            {note !== '' && <span className="note"> {note}</span>}
          </li>
        ))}
      </ul>
      {found.left.length > 0 && <p className="note">{found.left.join(' ')}</p>}
      <Button
        className="btn main"
        onClick={() => {
          dispatch({ type: 'command', command: { mine: { add: found.experiments } } });
          away();
        }}
      >
        Add to mine
      </Button>{' '}
      <Button onClick={away}>Not now</Button>
    </section>
  );
}
