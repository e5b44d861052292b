import { useId } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { obstacleTo, wayTo } from '../../experiment/settings/availability.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Corner } from '../rail/corner.tsx';
import { Dialog } from './dialog.tsx';
import { needWords, type StartGroup, startGroups } from './start-groups.ts';

/** Every way to start A and B, with its source and its variances; those that cannot be had here say why and how. */
export function InitsPanel() {
  return (
    <Dialog title="Start of A and B" kind="inits-all">
      {startGroups().map((group) => (
        <Group key={group.title} group={group} />
      ))}
    </Dialog>
  );
}

function Group({ group: { title, says, starts } }: { readonly group: StartGroup }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p className="note">{says}</p>
      <ul className="starts">
        {starts.map((name) => (
          <li key={name}>
            <Start name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Start({ name }: { readonly name: InitName }) {
  const it = inits.byName(name);
  const chosen = useShown((s) => s.experiment.init === name);
  const why = useShown((s) => obstacleTo(name, s.experiment));
  const variance = useShown((s) => {
    const { A, B } = it.variance(s.experiment);
    return `A: ${A} · B: ${B}`;
  });
  const needs = needWords(it);
  const dispatch = useDispatch();
  const choose = (changes: Partial<Experiment>) => {
    dispatch({ type: 'changed', changes });
    dispatch({ type: 'panel', panel: null });
  };
  return (
    <>
      <button
        type="button"
        className="start"
        aria-pressed={chosen}
        disabled={why !== null && !chosen}
        onClick={() => choose({ init: name })}
      >
        <Corner of={name} />
        <span>
          <b>
            {it.label}
            {it.moves && ' †'}
          </b>{' '}
          <code>{it.name}</code>
          <span className="says">{it.explanation}</span>
          <span className="note">{variance}</span>
          <span className="note">
            {it.source}
            {needs && `. ${needs}`}
            {it.frozen && ` ${it.frozen} does not train.`}
          </span>
        </span>
      </button>
      {why !== null && <Offer name={name} why={why} onTake={choose} />}
    </>
  );
}

interface OfferProps {
  readonly name: InitName;
  readonly why: string;
  readonly onTake: (changes: Partial<Experiment>) => void;
}

/** Why a start cannot be had here, and one click to the nearest setting where it can. */
function Offer({ name, why, onTake }: OfferProps) {
  const experiment = useShown((s) => s.experiment);
  const way = wayTo(name, experiment);
  const id = useId();
  return (
    <div className="offer">
      <p id={id} className="why">
        Not with these settings. {why}
      </p>
      {way && (
        <button type="button" className="btn" aria-describedby={id} onClick={() => onTake(way.changes)}>
          {inits.byName(name).label} with {way.words}
        </button>
      )}
    </div>
  );
}
