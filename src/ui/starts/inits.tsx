import './inits.css';
import { useId } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { counted, duration, trimmed } from '../../experiment/numbers.ts';
import { fillingOf, obstacleTo, wayTo } from '../../experiment/settings/availability.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { MOST_PINS } from '../../state/compare/pins.ts';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { Dialog } from '../panels/dialog.tsx';
import { Corner } from '../rail/thumbnail.tsx';
import { MOVING, needWords, startGroups } from './start-groups.ts';
import { fits, pinOf, Results } from './start-results.tsx';

/** Every way to start A and B with what it comes to; a tick pins it. Those that cannot be had here say why and how. */
export function InitsPanel() {
  const curves = useId();
  return (
    <Dialog title="Initialisation of A and B" kind="inits-all">
      <p className="lead">Tick an initialisation to pin it to the charts. Press its picture to use it for this run.</p>
      <div className="starts-list">
        <table className="starts">
          <caption className="unseen">All initialisations, each trained with the settings on screen</caption>
          <Heads />
          {startGroups().map((group) => (
            <tbody key={group.title}>
              <tr className="group">
                <th colSpan={7} scope="colgroup">
                  {group.title} <span>{group.says}</span>
                </th>
              </tr>
              {group.starts.map((name) => (
                <Start key={name} name={name} />
              ))}
            </tbody>
          ))}
        </table>
        <Sources id={curves} />
      </div>
      <Foot />
    </Dialog>
  );
}

function Heads() {
  const steps = useShown((s) => s.experiment.steps);
  return (
    <thead>
      <tr>
        <th colSpan={2} scope="col">
          initialisation
        </th>
        <th className="does" scope="col">
          what it does
        </th>
        <th className="course" scope="col">
          error in {counted(steps, 'step')}; floor of ΔW* dashed
        </th>
        <th className="n" scope="col">
          relative error
        </th>
        <th className="n own" scope="col">
          own floor
        </th>
        <th scope="col">in the charts</th>
      </tr>
    </thead>
  );
}

function Start({ name }: { readonly name: InitName }) {
  const it = inits.byName(name);
  const chosen = useShown((s) => s.experiment.init === name);
  const why = useShown((s) => obstacleTo(name, s.experiment));
  const dispatch = useDispatch();
  const choose = (changes: Partial<Experiment>) => {
    dispatch({ type: 'changed', changes });
    dispatch({ type: 'panel', panel: null });
  };
  const pinned = useShown((s) => pinOf(s, name) !== null);
  return (
    <tr className={[chosen || pinned ? 'on' : '', chosen ? 'chosen' : '', why === null ? '' : 'off'].join(' ')}>
      <td className="picture">
        <button
          type="button"
          aria-pressed={chosen}
          aria-label={`Use ${it.label} for this run`}
          title={`Use ${it.label} for this run`}
          disabled={why !== null && !chosen}
          onClick={() => choose({ init: name })}
        >
          <Corner of={name} />
        </button>
      </td>
      <th scope="row">
        {it.label}
        {it.moves && ' †'}
      </th>
      <td className="does">
        <span title={it.explanation}>{it.brief}</span>
      </td>
      {why === null ? <Results name={name} chosen={chosen} /> : <Offer name={name} why={why} onTake={choose} />}
    </tr>
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
    <td colSpan={4} className="why">
      <div className="not">
        <span id={id} className="unseen">{`Not possible with these settings. ${why}`}</span>
        <span className="short" title={why} aria-hidden="true">
          {way?.reason ?? why}
          {way && ':'}
        </span>
        {way && (
          <button type="button" className="link" aria-describedby={id} onClick={() => onTake(way.changes)}>
            use {way.words}
          </button>
        )}
      </div>
    </td>
  );
}

/** How A and B are filled by each, and where it comes from. */
function Sources({ id }: { readonly id: string }) {
  const experiment = useShown((s) => s.experiment);
  return (
    <details className="sources">
      <summary id={id}>Variances and sources</summary>
      <p>{MOVING}</p>
      <dl aria-labelledby={id}>
        {inits.all.map((it) => {
          const { A, B } = fillingOf(it.name, experiment);
          const needs = needWords(it);
          return (
            <div key={it.name}>
              <dt>{it.label}</dt>
              <dd>
                {`A: ${A} · B: ${B}. ${it.source}`}
                {needs && `. ${needs}`}
                {it.frozen && ` ${it.frozen} does not train.`}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

function Foot() {
  const pins = useShown((s) => s.compare.pins.length);
  const { starts, seed, experiment } = useBuilt((s) => ({
    starts: s.compare.starts && fits(s.compare.starts, s.experiment) ? s.compare.starts : null,
    seed: s.experiment.seed,
    experiment: s.experiment,
  }));
  const dispatch = useDispatch();
  const repeat = () => {
    const possible = inits.all.filter(({ name }) => obstacleTo(name, experiment) === null).map(({ name }) => name);
    dispatch({ type: 'viewed', changes: { sweep: `init:${possible.join(',')}`, repeat: SEEDS } });
    dispatch({ type: 'screen', screen: 'sweep' });
  };
  const compare = () => {
    dispatch({ type: 'panel', panel: null });
    dispatch({ type: 'screen', screen: 'compare' });
  };
  return (
    <div className="foot">
      <p role="status">
        <b>
          {pins} of {MOST_PINS}
        </b>{' '}
        pins used. {starts?.doing === 'training' && `Training all ${inits.all.length} …`}
        {starts?.doing === 'done' &&
          `All ${starts.found.size} were trained here in ${brief(starts.seconds)}: seed ${seed}, each at its automatic rate.`}
      </p>
      {starts?.doing === 'offered' && (
        <button type="button" className="btn" onClick={() => dispatch({ type: 'compare', does: 'train-starts' })}>
          Train all, about {duration(starts.seconds)}
        </button>
      )}
      <button type="button" className="btn" onClick={repeat}>
        Repeat over {SEEDS} seeds
      </button>
      <button type="button" className="btn main" disabled={pins === 0} onClick={compare}>
        Compare side by side
      </button>
    </div>
  );
}

const SEEDS = 10;
const brief = (seconds: number) => (seconds < 10 ? `${trimmed(seconds, 2)} s` : duration(seconds));
