import { useId } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import type { Initialisation } from '../../experiment/inits/initialisation.ts';
import { fillingOf, obstacleTo, wayTo } from '../../experiment/settings/availability.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Corner } from '../rail/thumbnail.tsx';
import { Dialog } from './dialog.tsx';

/** Every way to start A and B, with its source and its variances; those that are not available here say why and how. */
export function InitsPanel() {
  return (
    <Dialog title="Initialisation of A and B" kind="inits-all">
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
    const { A, B } = fillingOf(it.name, s.experiment);
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
          </b>
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

/** Why an initialisation is not available here, and one click to the nearest setting where it is. */
function Offer({ name, why, onTake }: OfferProps) {
  const experiment = useShown((s) => s.experiment);
  const way = wayTo(name, experiment);
  const id = useId();
  return (
    <div className="offer">
      <p id={id} className="why">
        Not possible with these settings. {why}
      </p>
      {way && (
        <button type="button" className="btn" aria-describedby={id} onClick={() => onTake(way.changes)}>
          {inits.byName(name).label} with {way.words}
        </button>
      )}
    </div>
  );
}

/** Initialisations that have the same thing in common, in the order of the list. */
export interface StartGroup {
  readonly title: string;
  readonly says: string;
  readonly starts: readonly InitName[];
}

const GROUPS = {
  zero: {
    title: 'One factor is zero',
    says: 'The other is random. ΔW = 0 at step 0, so the layer behaves exactly like W₀.',
  },
  made: {
    title: 'Made from the task or from W₀',
    says: 'No random numbers, and W₀ stays as it is.',
  },
  moved: {
    title: '† Take over part of W₀',
    says:
      'B and A start at B₀ and A₀, and W₀ − s₀·B₀·A₀ stays frozen beside them. The output is unchanged, and ΔW = s·B·A − s₀·B₀·A₀. ' +
      'Changing α or the scaling rule before training makes new B₀ and A₀ with their own s₀. During a run the frozen part stays, so a change of s shifts the output by (s − s₀)·B·A.',
  },
  random: {
    title: 'Both factors random',
    says: 'The output already changes at step 0, unless B·A = 0.',
  },
  dead: {
    title: 'Nothing can move',
    says: 'Each factor waits for the other.',
  },
} as const;

function groupOf({ filling: { A, B }, moves, needs = [] }: Initialisation): keyof typeof GROUPS {
  if (moves) return 'moved';
  if (A === 'zero' && B === 'zero') return 'dead';
  if (needs.length > 0) return 'made';
  return A === 'zero' || B === 'zero' ? 'zero' : 'random';
}

/** Every initialisation once. */
export function startGroups(): readonly StartGroup[] {
  return Object.entries(GROUPS).map(([name, { title, says }]) => ({
    title,
    says,
    starts: inits.all.filter((it) => groupOf(it) === name).map((it) => it.name),
  }));
}

const NEEDS = {
  reference: 'ΔW*',
  base: 'W₀',
  inputs: 'the task’s inputs',
  gradient: 'the gradient at step 0',
} as const;

/** "Needs W₀ and the inputs of the task."; null for random numbers. */
export function needWords({ needs = [] }: Pick<Initialisation, 'needs'>): string | null {
  return needs.length === 0 ? null : `Needs ${needs.map((need) => NEEDS[need]).join(' and ')}.`;
}
