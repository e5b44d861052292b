import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { paint, paintPicture, tonesOf } from '../../charts/matrices/heatmap.ts';
import { drawSmallPicture, type LinePicture } from '../../charts/sheet/draw-small-picture.ts';
import { MAX_SHARED, writeLink } from '../../experiment/link/link.ts';
import { count } from '../../experiment/numbers.ts';
import { type SmallMatrix, type SmallPicture, shadesOf } from '../../experiment/recorded/small-picture.ts';
import { Button } from '../../kit/button.tsx';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import {
  MAX_COLLECTION_BYTES,
  MAX_NOTE_LENGTH,
  MAX_TITLE_LENGTH,
  moveExperiment,
  type OwnExperiment,
  packCollection,
  singleLine,
} from '../../state/collection/collection.ts';
import type { CollectionOrder } from '../../state/events.ts';
import { goTo } from '../../state/places.ts';
import { rateOf } from '../../state/select.ts';
import { useTheme } from '../looks/theme.tsx';
import { Press, useDispatch, useGetLab, useLab } from '../page.tsx';
import { copyText } from '../panels/copyable.tsx';
import { colour } from '../rail/colours.ts';

const NONE: readonly OwnExperiment[] = [];

export function OwnExperimentList() {
  const mine = useLab((s) => s.mine);
  const experiments = mine?.experiments ?? NONE;
  const [editing, setEditing] = useState<{ readonly at: number; readonly focus: Focus } | null>(null);
  const [before, setBefore] = useState<readonly OwnExperiment[] | null>(null);
  const [said, setSaid] = useState('');
  const dispatch = useDispatch();
  const order = (what: CollectionOrder) => dispatch({ type: 'command', command: { mine: what } });
  useEffect(() => order('read'), []);
  /** Shown at once, stored afterwards. */
  const put = (list: readonly OwnExperiment[]) => {
    setBefore(null);
    dispatch({ type: 'mine', mine: { refused: false, ...mine, experiments: list } });
    order({ put: list, before: experiments });
  };
  const remove = (at: number) => {
    setEditing(null);
    setSaid(`“${experiments[at].title}” was deleted.`);
    put(experiments.filter((_, i) => i !== at));
    setBefore(experiments);
  };
  return (
    <section className="mine" aria-label="My experiments">
      <h2>My experiments</h2>
      {experiments.length === 0 && (
        <p className="soft space-above nothing">Nothing yet. Experiments you save appear here.</p>
      )}
      <ol className="kept space-above">
        {experiments.map((one, i) => (
          // No other key is unique in a list ordered by hand: titles and links may be equal.
          <li key={i}>
            {editing?.at === i ? (
              <Editing
                one={one}
                place={[i, experiments.length]}
                focus={editing.focus}
                change={(changed) => put(experiments.map((old, j) => (j === i ? changed : old)))}
                move={(by) => {
                  put(moveExperiment(experiments, i, by));
                  setEditing({ at: i + by, focus: by < 0 ? 'up' : 'down' });
                }}
                remove={() => remove(i)}
                done={() => setEditing(null)}
              />
            ) : (
              <Kept one={one} announce={setSaid} edit={() => setEditing({ at: i, focus: 'title' })} />
            )}
          </li>
        ))}
      </ol>
      <p className="said" role="status">
        {said}
        {before && (
          <Button
            className="link under"
            onClick={() => {
              put(before);
              setSaid('It is back.');
            }}
          >
            Undo
          </Button>
        )}
      </p>
      <Press event={{ type: 'panel', panel: { name: 'keep' } }}>Save these settings …</Press>
      <PassOn experiments={experiments} refused={mine?.refused ?? false} announce={setSaid} order={order} />
    </section>
  );
}

const addressOf = (link: string) => new URL(link, location.href).href;

interface OwnExperimentProps {
  readonly one: OwnExperiment;
  readonly announce: (text: string) => void;
  readonly edit: () => void;
}

function Kept({ one: { title, note, link, picture }, announce, edit }: OwnExperimentProps) {
  const dispatch = useDispatch();
  const copy = async () =>
    announce(
      (await copyText(addressOf(link)))
        ? `The link of “${title}” is copied.`
        : 'The browser does not let this page copy.',
    );
  return (
    <>
      <span className="thumb">{picture && <PaintedMatrix matrix={picture} />}</span>
      <b>{title}</b>
      {note !== '' && <span className="line">{note}</span>}
      <span className="acts">
        <a
          className="link under"
          href={link}
          aria-label={`Open ${title}`}
          // The address may be this one already.
          onClick={() => dispatch(goTo('lab'))}
        >
          Open
        </a>
        <Button className="link under" aria-label={`Copy link of ${title}`} onClick={() => void copy()}>
          Copy link
        </Button>
        <Button className="link under" aria-label={`Edit ${title}`} onClick={edit}>
          Edit
        </Button>
      </span>
    </>
  );
}

/** Focus when the form appears: after a move, the button that was pressed, so that it can be pressed again. */
type Focus = 'title' | 'up' | 'down';

interface EditingProps {
  readonly one: OwnExperiment;
  /** Index in the list, and the length of the list. */
  readonly place: readonly [number, number];
  readonly focus: Focus;
  readonly change: (one: OwnExperiment) => void;
  readonly move: (by: -1 | 1) => void;
  readonly remove: () => void;
  readonly done: () => void;
}

function Editing({ one, place: [at, length], focus, change, move, remove, done }: EditingProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>(`[data-focus="${focus}"]:enabled`);
    (first ?? form.current?.querySelector('input'))?.focus();
  }, [focus]);
  const named = (title: string) => change({ ...one, title: singleLine(title, MAX_TITLE_LENGTH) || 'Untitled' });
  return (
    <form
      ref={form}
      className="editing"
      onSubmit={(event) => {
        event.preventDefault();
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        done();
      }}
    >
      <label htmlFor={`${id}-title`}>Title</label>
      <input
        data-focus="title"
        id={`${id}-title`}
        maxLength={MAX_TITLE_LENGTH}
        defaultValue={one.title}
        onBlur={(event) => event.currentTarget.value !== one.title && named(event.currentTarget.value)}
      />
      <label htmlFor={`${id}-note`}>Note</label>
      <input
        id={`${id}-note`}
        maxLength={MAX_NOTE_LENGTH}
        defaultValue={one.note}
        onBlur={(event) =>
          event.currentTarget.value !== one.note &&
          change({ ...one, note: singleLine(event.currentTarget.value, MAX_NOTE_LENGTH) })
        }
      />
      <span className="acts">
        <button type="submit" className="link under">
          Done
        </button>
        <Button className="link under" data-focus="up" disabled={at === 0} onClick={() => move(-1)}>
          Move up
        </Button>
        <Button className="link under" data-focus="down" disabled={at === length - 1} onClick={() => move(1)}>
          Move down
        </Button>
        <Button className="link under" onClick={remove}>
          Delete
        </Button>
      </span>
    </form>
  );
}

interface SharingProps {
  readonly experiments: readonly OwnExperiment[];
  readonly refused: boolean;
  readonly announce: (text: string) => void;
  readonly order: (what: CollectionOrder) => void;
}

function PassOn({ experiments, refused, announce, order }: SharingProps) {
  const file = useRef<HTMLInputElement>(null);
  const now = useGetLab();
  const copyAll = async () => {
    const state = now();
    const packed = await packCollection(experiments);
    const link = writeLink(state.experiment, { ...state.view, experiments: packed }, rateOf(state));
    if (link.length > MAX_SHARED) {
      const all = `${count(link.length)} characters; the limit is ${count(MAX_SHARED)}`;
      return announce(`They are too long for a link (${all}): export them as a file.`);
    }
    announce(
      (await copyText(addressOf(link)))
        ? 'One link with all of them is copied.'
        : 'The browser does not let this page copy.',
    );
  };
  const read = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > MAX_COLLECTION_BYTES) return announce('The file is too large for a file of experiments.');
    order({ read: await chosen.text() });
  };
  const empty = experiments.length === 0;
  return (
    <div className="pass-on">
      <p className="soft space-above">
        {refused
          ? 'This page can store nothing here: they are gone when you close it. Export them as a file.'
          : 'Saved on this device only.'}
      </p>
      <span className="acts">
        <Button className="link under" disabled={empty} onClick={() => order('export')}>
          Export all as a file
        </Button>
        <Button className="link under" disabled={empty} onClick={() => void copyAll()}>
          Copy all as one link
        </Button>
        <Button className="link under" onClick={() => file.current?.click()}>
          Open a file
        </Button>
      </span>
      <input
        ref={file}
        type="file"
        hidden
        accept=".json,application/json"
        onChange={(event) => {
          void read(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** A recorded picture, 204 × 104 px; title and claim describe it. */
export function RecordedPicture({ picture }: { readonly picture: SmallPicture }) {
  if (picture.kind !== 'matrices') return <Drawn picture={picture} />;
  return (
    <span className={`shot matrices of-${picture.items.length}`} aria-hidden="true">
      {picture.items.map(({ label, ...matrix }) => (
        <span key={label}>
          <PaintedMatrix matrix={matrix} />
          {label}
        </span>
      ))}
    </span>
  );
}

function Drawn({ picture }: { readonly picture: LinePicture }) {
  const svg = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    if (svg.current) drawSmallPicture(svg.current, picture);
  }, [picture]);
  return <svg ref={svg} className="chart shot" aria-hidden="true" />;
}

function PaintedMatrix({ matrix }: { readonly matrix: SmallMatrix }) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels => {
    const { rows, cols, look: className } = matrix;
    const shades = shadesOf(matrix);
    const paintShades = (into: Uint8ClampedArray) => {
      const [paper, ink, positive, negative] = ['--paper', '--ink', '--dw', '--neg-cool'].map(colour);
      if (className === 'w') paintPicture(shades, rows, cols, [-1, 1], tonesOf(paper, ink), into);
      else paint(shades, rows, cols, 1, { paper, positive, negative }, into);
    };
    return { rows, cols, paint: paintShades };
  }, [matrix, theme]);
  return <Heatmap pixels={pixels} className="small-matrix" />;
}
