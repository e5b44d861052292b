import { useId, useMemo } from 'react';
import type { DigitSet } from '../../experiment/network/digits.ts';
import { countRight, type DigitLayer, digitsRead } from '../../experiment/network/forward.ts';
import { Button } from '../../kit/button.tsx';
import { NO_HAND } from '../../state/hand/hand.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';

export const ownerOf = (by: string): string => (by === '' ? 'the sender’s' : `${by}’s`);

interface SentHandProps {
  /** Whether the visitor's own adapter is added. */
  readonly both: boolean;
  readonly onBoth: (on: boolean) => void;
}

/** The adapter of a link or file: the visitor tries it, adds their own, or has the network adapted to theirs alone. */
export function SentHand({ both, onBoth }: SentHandProps) {
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
export function SumTable({ networks, sets }: SumTableProps) {
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
