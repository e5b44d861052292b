import { useId, useMemo } from 'react';
import { countRight, digitOutputs, digitsRead, mergedLayers } from '../../experiment/network/forward.ts';
import { handInputs } from '../../experiment/network/hand.ts';
import { decodeHand } from '../../experiment/network/hand-adapter.ts';
import { drawingNow, ROUNDS, type RoundsEvent, roundsDone } from '../../experiment/network/rounds.ts';
import { settingsAt } from '../../experiment/run-file/run-record.ts';
import { Button } from '../../kit/button.tsx';
import { Check, Choice } from '../../kit/choice.tsx';
import { useThrottled } from '../../kit/throttled-text.ts';
import { handAfter, NO_HAND } from '../../state/hand/hand.ts';
import { answersAt, frameAt } from '../../state/run/history.ts';
import { lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { DigitGrid, rowsOf } from '../network/digit-grid.tsx';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { adaptersOf, layersOf, pretrainedOf } from './adapters.ts';
import { HandPad } from './hand-pad.tsx';
import { claimOf, countsOf, neverDrawn, type Reading, skippedText } from './readings.ts';
import { SendHand } from './send-hand.tsx';

const NO_ANSWERS = new Uint8Array(0);
const NO_PICTURES = { inputs: new Float32Array(0), answers: NO_ANSWERS };

/** The visitor draws digits, and the network is adapted to them; or somebody else's adapter reads them. */
export default function HandLab() {
  const hand = useLab((s) => s.hand) ?? NO_HAND;
  const { before, now, readings } = useNetworks();
  const { rounds, sets } = hand;
  const dispatch = useDispatch();
  const lab = useGetLab();
  const sent = useLab((s) => s.view.hand !== '');
  const act = (event: RoundsEvent) => {
    const { hand: drawn, view } = lab();
    const after = handAfter(drawn ?? NO_HAND, event, view.hand !== '');
    if (after) dispatch(after);
  };
  const drawing = useMemo(() => drawingNow(rounds), [rounds.strokes]);
  const outputs = useMemo(() => {
    const picture = drawing && handInputs(drawing);
    return [before, now].map((layers) => picture && layers && digitOutputs(layers, picture));
  }, [drawing, before, now]);
  const all = roundsDone(rounds) === ROUNDS;
  const skipped = skippedText(neverDrawn(rounds));
  const { mine, others } = readings;
  const claim = mine && others && !rounds.usesAll && !sent ? claimOf(mine, others) : null;
  const after = sent ? 'with this adapter' : 'now';
  const own =
    rounds.usesAll && !sent
      ? 'All fifty are trained on, so none of your drawings is a test any more.'
      : mine && countsOf(mine, 'your # test drawings', after);
  const counted = [mine && own, mine && others && countsOf(others, '# digits of other people', after)]
    .filter(Boolean)
    .join(' ');
  const said = useThrottled([claim && `${claim}.`, counted].filter(Boolean).join(' '));
  return (
    <div className="hand-lab">
      {sent && <SentHand />}
      <HandPad rounds={rounds} dispatch={act} before={outputs[0]} now={outputs[1]} />
      <section className="stack hand-results" aria-label="What it reads">
        {!sent && <TrainOn />}
        {claim && <h3>{claim}</h3>}
        {mine ? (
          <p>{counted}</p>
        ) : (
          <p hidden={sent}>
            {sets.training.answers.length === 0
              ? 'Draw the digits 0 to 9 in five rounds. It adapts to you after each. Rounds 2 and 4 are not trained on: they test it.'
              : 'The next round is the first test: it is not trained on.'}
          </p>
        )}
        {skipped && !sent && <p>{skipped}</p>}
        {all && !sent && (
          <Check checked={rounds.usesAll} onChange={(on) => act({ type: 'uses-all', on })}>
            Use all fifty (before you send it)
          </Check>
        )}
        <div className="network-grids">
          {mine && <Grid label={rounds.usesAll ? 'your drawings' : 'your test drawings'} of={mine} />}
          {others && <Grid label="upright, of other people" of={others} />}
        </div>
        {now && !sent && <SendHand rounds={rounds} />}
        <p className="unseen" role="status">
          {said}
        </p>
        <p className="note">
          Your drawings stay in this browser, where they are kept for your next visit. They are never sent, and no link
          holds them. <i>Forget everything</i>, under <i>More</i>, removes them.
        </p>
      </section>
    </div>
  );
}

/** The network as it was pretrained and as it reads now, and how both read the test drawings and other people's digits. */
function useNetworks() {
  const ready = useLab((s) => s.run.ready);
  const frames = useLab((s) => s.run.frames);
  const step = useLab(shownStep);
  const frame = frameAt(frames, step);
  const settings = useLab((s) => (lastStep(s.run) > 0 ? s.run.changes : null));
  const experiment = useLab((s) => s.run.experiment);
  const text = useLab((s) => s.view.hand);
  const test = useLab((s) => (s.hand ?? NO_HAND).sets.test);
  const old = ready?.network?.kind === 'labelled' ? ready.network.old : NO_PICTURES;
  const sent = useMemo(() => {
    const read = text === '' ? null : decodeHand(text);
    return read && 'adapter' in read ? read.adapter : null;
  }, [text]);
  const before = useMemo(() => ready && pretrainedOf(ready), [ready]);
  const now = useMemo(() => {
    if (before && sent) {
      return mergedLayers(before, layersOf(sent));
    }
    if (!ready?.network || !frame || frame.step === 0 || !settings) return null;
    const at = settingsAt({ experiment, changes: settings }, frame.step);
    return mergedLayers(ready.network.layers, adaptersOf(ready, frame.modules, at));
  }, [before, sent, ready, frame, settings, experiment]);
  // The worker's answers are of its own adapter.
  const known = sent ? null : answersAt(frames, step);
  const [wasOld, wasMine] = [useRead(known ? null : before, old), useRead(before, test)];
  const [isOld, isMine] = [useRead(known ? null : now, old), useRead(now, test)];
  const mine: Reading | null =
    before && test.answers.length > 0 ? { set: test, before: wasMine, now: now ? isMine : wasMine } : null;
  const others: Reading | null =
    old.answers.length > 0 && now
      ? { set: old, before: known?.start.old ?? wasOld, now: known?.now.old ?? isOld }
      : null;
  return { before, now, readings: { mine, others } };
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

/** The adapter of a link: the visitor tries it, or has the network adapted to their own hand. */
function SentHand() {
  const title = useId();
  const by = useLab((s) => s.view.by);
  const drawn = useLab((s) => (s.hand ?? NO_HAND).sets.training.answers.length > 0);
  const dispatch = useDispatch();
  const lab = useGetLab();
  const adapt = () => {
    dispatch({ type: 'viewed', changes: { hand: '', by: '' } });
    const { hand } = lab();
    if (hand && drawn) dispatch({ type: 'hand', hand, does: 'train' });
  };
  return (
    <section className="sent" aria-labelledby={title}>
      <h3 id={title}>{by === '' ? 'Somebody else’s hand' : `${by}’s hand`}</h3>
      <p>
        This link holds an adapter, and no drawing. Draw a 7: it reads {by === '' ? 'the sender’s' : `${by}’s`}, maybe
        not yours.
      </p>
      <Button onClick={adapt}>Adapt to mine</Button>
    </section>
  );
}
