import { useId, useMemo, useState } from 'react';
import type { DigitSet } from '../../experiment/network/digits.ts';
import {
  countRight,
  type DigitLayer,
  digitOutputs,
  digitsRead,
  mergedLayers,
} from '../../experiment/network/forward.ts';
import { handInputs } from '../../experiment/network/hand.ts';
import { decodeHand } from '../../experiment/network/hand-adapter.ts';
import { drawingNow, ROUNDS, type RoundsEvent, roundsDone } from '../../experiment/network/rounds.ts';
import { settingsAt } from '../../experiment/run-file/run-record.ts';
import { Announced, useThrottled } from '../../kit/announced.tsx';
import { Button, Check, Choice } from '../../kit/button.tsx';
import { handAfter, NO_HAND } from '../../state/hand/hand.ts';
import { answersAt, frameAt } from '../../state/run/history.ts';
import { lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { DigitGrid, rowsOf } from '../network/digit-grid.tsx';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { adaptersOf, layersOf, pretrainedOf } from './adapters.ts';
import { HandName, NICKNAME, nameOf } from './hand-name.tsx';
import { HandPad } from './hand-pad.tsx';
import { claimOf, countsOf, neverDrawn, type Reading, skippedText } from './readings.ts';
import { SendHand } from './send-hand.tsx';

const ownerOf = (by: string): string => (by === '' ? 'the sender’s' : `${by}’s`);

interface SentHandProps {
  /** Whether the visitor's own adapter is added. */
  readonly both: boolean;
  readonly onBoth: (on: boolean) => void;
}

/** The adapter of a link or file: the visitor tries it, adds their own, or has the network adapted to theirs alone. */
function SentHand({ both, onBoth }: SentHandProps) {
  const title = useId();
  const by = useLab((s) => s.view.by);
  const drawn = useLab((s) => (s.hand ?? NO_HAND).sets.training.answers.length > 0);
  const withDrawings = useLab((s) => s.handTest !== null);
  const dispatch = useDispatch();
  const lab = useGetLab();
  const train = () => {
    const { hand } = lab();
    if (hand && drawn) dispatch({ type: 'hand', hand, does: 'train' });
  };
  const adapt = () => {
    dispatch({ type: 'viewed', changes: { hand: '', by: '' } });
    train();
  };
  const add = () => {
    onBoth(true);
    train();
  };
  const holds = withDrawings
    ? 'This file holds an adapter and test drawings.'
    : 'This link holds an adapter, and no drawing.';
  const next = drawn ? '' : ' Draw your digits: an adapter to them is added after each round.';
  return (
    <section className="sent" aria-labelledby={title}>
      <h3 id={title}>
        {by === '' ? 'Somebody else’s hand' : `${by}’s hand`}
        {both && ' and yours'}
      </h3>
      <p>
        {both ? (
          <>
            The network reads with the sum of two adapters, <i className="b">B</i>₁<i className="a">A</i>₁ +{' '}
            <i className="b">B</i>₂<i className="a">A</i>₂: {ownerOf(by)} and yours.{next}
          </>
        ) : (
          `${holds} Draw a 7: it reads ${ownerOf(by)}, maybe not yours.`
        )}
      </p>
      <div className="row">
        <Button onClick={adapt}>Adapt to mine</Button>
        {both ? <Button onClick={() => onBoth(false)}>Take mine out</Button> : <Button onClick={add}>Add both</Button>}
      </div>
    </section>
  );
}

/** Matrices of the network with an adapter, or null while it is not trained. */
type Layers = readonly DigitLayer[] | null;

interface SumTableProps {
  readonly networks: readonly (readonly [name: string, network: Layers])[];
  /** Sets without a digit are left out. */
  readonly sets: readonly (readonly [name: string, set: DigitSet])[];
}

/** How many digits of each set are read with each of the adapters, and with their sum. */
function SumTable({ networks, sets }: SumTableProps) {
  const shown = sets.filter(([, set]) => set.answers.length > 0);
  return (
    <table className="numbers sum-table" aria-label="Digits read with each adapter">
      <thead>
        <tr>
          <td />
          {shown.map(([name, { answers }]) => (
            <th key={name} scope="col">
              {name}, of {answers.length}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {networks.map(([name, network]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {shown.map(([of, set]) => (
              <Count key={of} network={network} set={set} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Count({ network, set }: { readonly network: Layers; readonly set: DigitSet }) {
  const right = useMemo(() => network && countRight(set, digitsRead(network, set)), [network, set]);
  return <td>{right ?? '–'}</td>;
}

const NO_ANSWERS = new Uint8Array(0);
const NO_PICTURES = { inputs: new Float32Array(0), answers: NO_ANSWERS };

/** The visitor draws digits, and the network is adapted to them; or somebody else's adapter reads them. */
export default function HandLab() {
  const hand = useLab((s) => s.hand) ?? NO_HAND;
  const text = useLab((s) => s.view.hand);
  const by = useLab((s) => s.view.by);
  const [addedTo, setAddedTo] = useState('');
  const [name, setName] = useState(() => nameOf(NICKNAME.get() ?? ''));
  const sent = text !== '';
  const both = sent && addedTo === text;
  const { before, theirs, own, now, added, readings } = useNetworks(both);
  const { rounds, sets } = hand;
  const dispatch = useDispatch();
  const lab = useGetLab();
  const act = (event: RoundsEvent) => {
    const after = handAfter(lab().hand ?? NO_HAND, event, sent && !both);
    if (after) dispatch(after);
  };
  const drawing = useMemo(() => drawingNow(rounds), [rounds.strokes]);
  const outputs = useMemo(() => {
    const picture = drawing && handInputs(drawing);
    return [before, now].map((layers) => picture && layers && digitOutputs(layers, picture));
  }, [drawing, before, now]);
  const all = roundsDone(rounds) === ROUNDS;
  const skipped = skippedText(neverDrawn(rounds));
  const { mine, guest, others } = readings;
  const claim = mine && others && !rounds.usesAll && !sent ? claimOf(mine, others) : null;
  const trains = !sent || both;
  const after = both ? 'with both' : sent ? 'with this adapter' : 'now';
  const tested =
    rounds.usesAll && trains
      ? 'All fifty are trained on, so none of your drawings is a test any more.'
      : mine && countsOf(mine, 'your # test drawings', after);
  const counted = [
    mine && tested,
    guest && countsOf(guest, `${ownerOf(by)} # test drawings`, after),
    (mine || guest) && others && countsOf(others, '# digits of other people', after),
  ]
    .filter(Boolean)
    .join(' ');
  const type = (typed: string) => {
    setName(typed);
    NICKNAME.set(nameOf(typed));
  };
  const said = useThrottled([claim && `${claim}.`, counted].filter(Boolean).join(' '));
  return (
    <div className="hand-lab">
      {sent && <SentHand both={both} onBoth={(on) => setAddedTo(on ? text : '')} />}
      <div>
        {!sent && <HandName label="Hand of" value={name} onChange={type} />}
        <HandPad rounds={rounds} dispatch={act} before={outputs[0]} now={outputs[1]} />
      </div>
      <section className="stack hand-results" aria-label="What it reads">
        {trains && <TrainOn />}
        {claim && <h3>{claim}</h3>}
        {counted !== '' ? (
          <p>{counted}</p>
        ) : (
          <p hidden={!trains}>
            {sets.training.answers.length === 0
              ? 'Draw the digits 0 to 9 in five rounds. It adapts to you after each. Rounds 2 and 4 are not trained on: they test it.'
              : 'The next round is the first test: it is not trained on.'}
          </p>
        )}
        {skipped && trains && <p>{skipped}</p>}
        {all && trains && (
          <Check checked={rounds.usesAll} onChange={(on) => act({ type: 'uses-all', on })}>
            Use all fifty (before you send it)
          </Check>
        )}
        {both && (
          <SumTable
            networks={[
              ['no adapter', before],
              [ownerOf(by), theirs],
              ['yours', own],
              ['both', own && now],
            ]}
            sets={[
              ['your test drawings', rounds.usesAll ? NO_PICTURES : sets.test],
              [`${ownerOf(by)} test drawings`, guest?.set ?? NO_PICTURES],
              ['other people', others?.set ?? NO_PICTURES],
            ]}
          />
        )}
        <div className="network-grids">
          {mine && <Grid label={rounds.usesAll ? 'your drawings' : 'your test drawings'} of={mine} />}
          {guest && <Grid label={`${ownerOf(by)} test drawings`} of={guest} />}
          {others && <Grid label="upright, of other people" of={others} />}
        </div>
        {now && !sent && <SendHand rounds={rounds} name={nameOf(name)} added={null} />}
        {both && own && <SendHand rounds={rounds} name={nameOf(`${by} + ${name}`)} added={added} />}
        <Announced>{said}</Announced>
        <p className="note">
          Your drawings stay in this browser, where they are kept for your next visit. They are never sent, and no link
          holds them. <i>Forget everything</i>, under <i>More</i>, removes them.
        </p>
      </section>
    </div>
  );
}

/**
 * The network as it was pretrained, with the adapter of the link, with that of the run, and as it reads now: with one of
 * them, or with `both`; and how it read and reads the test drawings and other people's digits.
 */
function useNetworks(both: boolean) {
  const ready = useLab((s) => s.run.ready);
  const frames = useLab((s) => s.run.frames);
  const step = useLab(shownStep);
  const frame = frameAt(frames, step);
  const settings = useLab((s) => (lastStep(s.run) > 0 ? s.run.changes : null));
  const experiment = useLab((s) => s.run.experiment);
  const text = useLab((s) => s.view.hand);
  const test = useLab((s) => (s.hand ?? NO_HAND).sets.test);
  const guestTest = useLab((s) => (s.view.hand === '' ? null : s.handTest)) ?? NO_PICTURES;
  const old = ready?.network?.kind === 'labelled' ? ready.network.old : NO_PICTURES;
  const sent = useMemo(() => {
    const read = text === '' ? null : decodeHand(text);
    return read && 'adapter' in read ? read.adapter : null;
  }, [text]);
  const before = useMemo(() => ready && pretrainedOf(ready), [ready]);
  const own = useMemo(() => {
    if (!ready?.network || !frame || frame.step === 0 || !settings) return null;
    const at = settingsAt({ experiment, changes: settings }, frame.step);
    return mergedLayers(ready.network.layers, adaptersOf(ready, frame.modules, at));
  }, [ready, frame, settings, experiment]);
  const theirs = useMemo(() => before && sent && mergedLayers(before, layersOf(sent)), [before, sent]);
  const sum = useMemo(() => (both && own && sent ? mergedLayers(own, layersOf(sent)) : null), [both, own, sent]);
  const now = sent ? (sum ?? theirs) : own;
  // The worker's answers are of its own adapter.
  const known = sent ? null : answersAt(frames, step);
  const [wasOld, wasMine, wasGuest] = [
    useRead(known ? null : before, old),
    useRead(before, test),
    useRead(before, guestTest),
  ];
  const [isOld, isMine, isGuest] = [useRead(known ? null : now, old), useRead(now, test), useRead(now, guestTest)];
  const mine: Reading | null =
    before && test.answers.length > 0 ? { set: test, before: wasMine, now: now ? isMine : wasMine } : null;
  const guest: Reading | null =
    now && guestTest.answers.length > 0 ? { set: guestTest, before: wasGuest, now: isGuest } : null;
  const others: Reading | null =
    old.answers.length > 0 && now
      ? { set: old, before: known?.start.old ?? wasOld, now: known?.now.old ?? isOld }
      : null;
  return { before, theirs, own, now, added: both ? sent : null, readings: { mine, guest, others } };
}

function useRead(layers: Parameters<typeof digitsRead>[0] | null, set: Parameters<typeof digitsRead>[1]) {
  return useMemo(() => (layers ? digitsRead(layers, set) : NO_ANSWERS), [layers, set]);
}

function Grid({ label, of: { set, before, now } }: { readonly label: string; readonly of: Reading }) {
  const rows = useMemo(() => rowsOf(set), [set]);
  return (
    <section aria-label={label}>
      <h3 className="ends grid-head">
        <span>{label}</span> <span>{`${countRight(set, now)} of ${set.answers.length}`}</span>
      </h3>
      <DigitGrid label={`Digits: ${label}`} {...{ set, rows, now, before }} learns />
    </section>
  );
}

function TrainOn() {
  const others = useLab((s) => s.experiment.others > 0);
  const dispatch = useDispatch();
  return (
    <div className="row">
      <span>Learn from</span>
      <Choice
        aria-label="Learn from"
        options={[
          [true, 'mine and others’', '50 upright digits of other people in each step'],
          [false, 'mine alone'],
        ]}
        value={others}
        onChange={(on) => dispatch({ type: 'changed', changes: { others: on ? 50 : 0 } })}
      />
    </div>
  );
}
