import { useEffect, useState } from 'react';
import { digitsRead, mergedLayers } from '../../experiment/network/forward.ts';
import type { Rounds } from '../../experiment/network/rounds.ts';
import { count } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { frameAt } from '../../state/run/history.ts';
import { linkOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { Press, useGetLab, useLab } from '../page.tsx';
import { Copyable } from '../panels/copyable.tsx';
import { shownHand } from './adapters.ts';

type Sent = { readonly link: string; readonly note: string } | { readonly why: string };

/** A link with the adapter on screen. */
export function SendHand({ rounds }: { readonly rounds: Rounds }) {
  const [sent, setSent] = useState<Sent | null>(null);
  const trains = useLab((s) => s.run.status === 'training' || s.next !== null);
  const frame = useLab((s) => frameAt(s.run.frames, shownStep(s)));
  const lab = useGetLab();
  useEffect(() => setSent(null), [frame, rounds.drawings]);
  return (
    <section aria-label="Send your hand">
      <h3>Send your hand</h3>
      <p>
        A link with the adapter, rounded to 8 bits: whoever opens it draws digits and sees what it reads. No drawing
        travels with it.
      </p>
      {sent && 'link' in sent ? (
        <Copyable label="Link with your hand" text={sent.link} rows={3} atOnce />
      ) : (
        <Button disabled={trains} onClick={() => setSent(sentOf(lab()))}>
          Make a link
        </Button>
      )}
      {sent && <p className="note">{'link' in sent ? sent.note : sent.why}</p>}
      <p>
        Or hand it in to a class: a file of about 5 kB with the adapter <b>and your drawings</b>, so that the wall can
        test with them.
      </p>
      <Press disabled={trains} aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'handin' } }}>
        Hand in your hand …
      </Press>
    </section>
  );
}

/** The link, and what rounding changes: counted on the test drawings and on other people's digits. */
function sentOf(state: State): Sent {
  const { view, hand } = state;
  const shown = shownHand(state);
  if ('why' in shown) return shown;
  const { text, rounded, exact, network, base } = shown;
  const { rank, scaling, layers } = rounded;
  const networks = [
    mergedLayers(base, exact),
    mergedLayers(
      base,
      layers.map((factors) => ({ ...factors, rank, scaling })),
    ),
  ];
  const sets = [
    ...(hand && hand.sets.test.answers.length > 0 ? [hand.sets.test] : []),
    ...(network.kind === 'labelled' ? [network.old] : []),
  ];
  const [before, after] = networks.map((network) => sets.flatMap((set) => [...digitsRead(network, set)]));
  const changed = before.filter((answer, i) => answer !== after[i]).length;
  const link = linkOf({ ...state, view: { ...view, hand: text, run: false, done: false, view: 'lab', module: '' } });
  return {
    link: new URL(link, location.href).href,
    note: `${count(link.length)} characters. Rounding changed ${changed === 0 ? 'none' : changed} of the ${before.length} answers to ${sets.length > 1 ? 'your drawings of rounds 2 and 4 and to ' : ''}other people’s digits.`,
  };
}
