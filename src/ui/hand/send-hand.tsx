import { useEffect, useMemo, useState } from 'react';
import { CodeToScan } from '../../class/ui/code-to-scan.tsx';
import { countRight, digitsRead, mergedLayers } from '../../experiment/network/forward.ts';
import { encodeHand, type HandAdapter, MAX_HAND_RANK } from '../../experiment/network/hand-adapter.ts';
import type { Rounds } from '../../experiment/network/rounds.ts';
import { count } from '../../experiment/numbers.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { NO_HAND } from '../../state/hand/hand.ts';
import { frameAt } from '../../state/run/history.ts';
import { linkOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { Press, useDispatch, useGetLab, useLab } from '../page.tsx';
import { Copyable } from '../panels/copyable.tsx';
import { codeLink, layersOf, pretrainedOf, readHand, shownHand } from './adapters.ts';

type Sent = { readonly link: string; readonly note: string; readonly adapter: HandAdapter } | { readonly why: string };

interface SendHandProps {
  readonly rounds: Rounds;
  /** Of whoever sends it. */
  readonly name: string;
  /** Somebody else's adapter, which is sent with the visitor's own as one. */
  readonly added: HandAdapter | null;
}

/** A link and a code with the adapter on screen. */
export function SendHand({ rounds, name, added }: SendHandProps) {
  const [sent, setSent] = useState<Sent | null>(null);
  const trains = useLab((s) => s.run.status === 'training' || s.next !== null);
  const frame = useLab((s) => frameAt(s.run.frames, shownStep(s)));
  const dispatch = useDispatch();
  const lab = useGetLab();
  useEffect(() => setSent(null), [frame, rounds.drawings, name, added]);
  const make = () => {
    const made = sentOf(lab(), name, added);
    setSent(made);
    if (!added && 'adapter' in made && made.adapter.rank > 1) dispatch({ type: 'command', command: 'hand-code' });
  };
  return (
    <section aria-label={added ? 'Send both' : 'Send your hand'}>
      <h3>{added ? 'Send both' : 'Send your hand'}</h3>
      <p>
        A link with the {added ? 'sum of both adapters' : 'adapter'}, rounded to 8 bits
        {!added && ', and a QR code with one of rank 1'}: whoever opens it draws digits and sees what it reads. No
        drawing travels with it.
      </p>
      {sent && 'link' in sent ? (
        <div className="sent-hand">
          <div>
            <Copyable label="Link with your hand" text={sent.link} rows={3} atOnce />
            <p className="note">{sent.note}</p>
          </div>
          {!added && <HandCode adapter={sent.adapter} name={name} />}
        </div>
      ) : (
        <Button disabled={trains} onClick={make}>
          {added ? 'Make a link with both' : 'Make a link and a code'}
        </Button>
      )}
      {sent && 'why' in sent && <p className="note">{sent.why}</p>}
      {sent && 'why' in sent && added && added.rank < MAX_HAND_RANK && (
        <LinkButton onClick={() => dispatch({ type: 'changed', changes: { rank: MAX_HAND_RANK - added.rank } })}>
          Train yours at rank {MAX_HAND_RANK - added.rank}
        </LinkButton>
      )}
      {!added && <OtherWays trains={trains} />}
    </section>
  );
}

/** Files with the adapter. */
function OtherWays({ trains }: { readonly trains: boolean }) {
  return (
    <>
      <p>
        Or hand it in to a class: a file of about 5 kB with the adapter <b>and your drawings</b>, so that the wall can
        test with them.
      </p>
      <div className="row">
        <Press disabled={trains} aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'handin' } }}>
          Hand in your hand …
        </Press>
        <Press disabled={trains} event={{ type: 'command', command: { file: 'peft' } }}>
          Adapter file (PEFT)
        </Press>
      </div>
    </>
  );
}

/** The code of an adapter of rank 1: this one, or one that is trained for it on the same drawings. */
function HandCode({ adapter, name }: { readonly adapter: HandAdapter; readonly name: string }) {
  const trained = useLab((s) => (s.handCode?.run === s.run.number ? s.handCode.result : null));
  const own = adapter.rank === 1;
  const result = own ? adapter : trained;
  const note = useCodeNote(own ? null : adapter, result && 'layers' in result ? result : null);
  if (result && 'why' in result) return <p className="note">There is no code: {result.why}</p>;
  const link = result && new URL(codeLink(encodeHand(result), name), location.href).href;
  return (
    <div className="code">
      {link && (
        <CodeToScan
          text={link}
          of="your hand"
          title={name === '' ? 'A hand' : `${name}’s hand`}
          file="lora-explorer-hand"
        />
      )}
      <p className="note" role="status">
        {result ? note : 'An adapter of rank 1 is trained for the code …'}
      </p>
    </div>
  );
}

/** What the code holds; `sent`: the adapter of the link if that is another, to compare. */
function useCodeNote(sent: HandAdapter | null, coded: HandAdapter | null): string {
  const ready = useLab((s) => s.run.ready);
  const { rounds, sets } = useLab((s) => s.hand) ?? NO_HAND;
  return useMemo(() => {
    if (ready?.network?.kind !== 'labelled' || !coded) return '';
    if (!sent) return 'The code holds the same adapter.';
    const tested = sets.test.answers.length > 0 && !rounds.usesAll;
    const set = tested ? sets.test : ready.network.old;
    const base = pretrainedOf(ready);
    const [one, all] = [readHand(encodeHand(coded)), sent].map((each) =>
      countRight(set, digitsRead(mergedLayers(base, layersOf(each)), set)),
    );
    const whose = `${set.answers.length} ${tested ? 'test drawings' : 'digits of other people'}`;
    return `The code holds rank 1, trained on the same drawings: it reads ${one} of ${tested ? 'your ' : ''}${whose}, the link ${all}.`;
  }, [ready, rounds.usesAll, sets, sent, coded]);
}

/** The link, and what rounding changes: counted on the test drawings and on other people's digits. */
function sentOf(state: State, by: string, added: HandAdapter | null): Sent {
  const { view, hand } = state;
  const shown = shownHand(state, added);
  if ('why' in shown) return shown;
  const { text, rounded, exact, network, base } = shown;
  const networks = [exact, mergedLayers(base, layersOf(rounded))];
  const sets = [
    ...(hand && hand.sets.test.answers.length > 0 ? [hand.sets.test] : []),
    ...(network.kind === 'labelled' ? [network.old] : []),
  ];
  const [before, after] = networks.map((network) => sets.flatMap((set) => [...digitsRead(network, set)]));
  const changed = before.filter((answer, i) => answer !== after[i]).length;
  const sent = { hand: text, by, run: false, done: false, view: 'lab', module: '' } as const;
  const link = linkOf({ ...state, view: { ...view, ...sent } });
  return {
    adapter: rounded,
    link: new URL(link, location.href).href,
    note: `${count(link.length)} characters. Rounding changed ${changed === 0 ? 'none' : changed} of the ${before.length} answers to ${sets.length > 1 ? 'your drawings of rounds 2 and 4 and to ' : ''}other people’s digits.`,
  };
}
