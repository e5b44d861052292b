import { Button, Check, LinkButton } from '../../kit/button.tsx';
import { goTo } from '../../state/places.ts';
import './inits.css';
import { type ReactNode, useId } from 'react';
import { initExplanation, initSource } from '../../experiment/inits/explanations.ts';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { isAtFloor } from '../../experiment/layer/floor.ts';
import { duration, number, plural, trim } from '../../experiment/numbers.ts';
import { errorAtEnd } from '../../experiment/run-file/run-record.ts';
import { fillingOf, initObstacle, initRemedy } from '../../experiment/settings/availability.ts';
import { change, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { InitComparison, PinnedRun } from '../../state/compare/compare.ts';
import { MAX_PINS } from '../../state/compare/pins.ts';
import { lastStep } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import { InitCorner } from '../rail/target.tsx';
import { differences } from '../words/run-names.ts';
import { Dialog } from './dialog.tsx';
import { initGroups, MOVED_PART_NOTE, needWords } from './init-groups.ts';

/** All initialisations with their results; a tick pins one. Those not available give the reason and a remedy. */
export function InitsPanel() {
  const curves = useId();
  return (
    <Dialog title="Initialisation of A and B" kind="inits-all">
      <p className="soft space-below">
        Tick an initialisation to pin it to the charts. Press its picture to use it for this run.
      </p>
      <div className="starts-list">
        <table className="heads-stay ruled starts">
          <caption className="unseen">All initialisations, each trained with the settings on screen</caption>
          <Heads />
          {initGroups().map((group) => (
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
  const steps = useLab((s) => s.experiment.steps);
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
          error in {plural(steps, 'step')}; floor of ΔW* dashed
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
  const chosen = useLab((s) => s.experiment.init === name);
  const why = useLab((s) => initObstacle(name, s.experiment));
  const dispatch = useDispatch();
  const choose = (changes: Partial<Experiment>) => {
    dispatch({ type: 'changed', changes });
    dispatch({ type: 'panel', panel: null });
  };
  const pinned = useLab((s) => pinOf(s, name) !== null);
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
          <InitCorner of={name} />
        </button>
      </td>
      <th scope="row" className="strong whole">
        {it.label}
        {it.moves && ' †'}
      </th>
      <td className="does">
        <span className="block" title={initExplanation(name)}>
          {it.brief}
        </span>
      </td>
      {why === null ? <InitResults name={name} chosen={chosen} /> : <Offer name={name} why={why} onTake={choose} />}
    </tr>
  );
}

interface OfferProps {
  readonly name: InitName;
  readonly why: string;
  readonly onTake: (changes: Partial<Experiment>) => void;
}

function Offer({ name, why, onTake }: OfferProps) {
  const experiment = useLab((s) => s.experiment);
  const way = initRemedy(name, experiment);
  const id = useId();
  return (
    <td colSpan={4} className="why">
      <div className="not">
        <span id={id} className="unseen">{`Not possible with these settings. ${why}`}</span>
        <span className="cut" title={why} aria-hidden="true">
          {way?.reason ?? why}
          {way && ':'}
        </span>
        {way && (
          <LinkButton aria-describedby={id} onClick={() => onTake(way.changes)}>
            use {way.words}
          </LinkButton>
        )}
      </div>
    </td>
  );
}

function Sources({ id }: { readonly id: string }) {
  const experiment = useLab((s) => s.experiment);
  return (
    <details className="sources space-above space-below">
      <summary id={id}>Variances and sources</summary>
      <p>{MOVED_PART_NOTE}</p>
      <dl className="pairs" aria-labelledby={id}>
        {inits.all.map((it) => {
          const { A, B } = fillingOf(it.name, experiment);
          const needs = needWords(it);
          return (
            <div key={it.name}>
              <dt className="strong">{it.label}</dt>
              <dd>
                {`A: ${A} · B: ${B}. ${initSource(it.name)}`}
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
  const pins = useLab((s) => s.compare.pins.length);
  const { starts, seed, experiment } = useLabObject((s) => ({
    starts: s.compare.starts && hasSameSettings(s.compare.starts, s.experiment) ? s.compare.starts : null,
    seed: s.experiment.seed,
    experiment: s.experiment,
  }));
  const dispatch = useDispatch();
  const repeat = () => {
    const possible = inits.all.filter(({ name }) => initObstacle(name, experiment) === null).map(({ name }) => name);
    dispatch({ type: 'viewed', changes: { view: 'sweep', sweep: `init:${possible.join(',')}`, repeat: SEEDS } });
  };
  const compare = () => {
    dispatch(goTo('compare'));
  };
  return (
    <div className="row wrap under-rule foot">
      <p role="status">
        <b>
          {pins} of {MAX_PINS}
        </b>{' '}
        pins used. {starts?.doing === 'training' && `Training all ${inits.all.length} …`}
        {starts?.doing === 'done' &&
          `All ${starts.found.size} were trained here in ${brief(starts.seconds)}: seed ${seed}, each at its automatic rate.`}
      </p>
      {starts?.doing === 'offered' && (
        <Press event={{ type: 'compare', does: 'train-starts' }}>Train all, about {duration(starts.seconds)}</Press>
      )}
      <Button onClick={repeat}>Repeat over {SEEDS} seeds</Button>
      <Button className="btn main" disabled={pins === 0} onClick={compare}>
        Compare side by side
      </Button>
    </div>
  );
}

const SEEDS = 10;
const brief = (seconds: number) => (seconds < 10 ? `${trim(seconds, 2)} s` : duration(seconds));

/** Result of an initialisation under the settings on screen; null if not trained, or trained with other settings. */
function foundOf({ compare: { starts }, experiment }: State, name: InitName) {
  if (!starts || !hasSameSettings(starts, experiment)) return null;
  return starts.found.get(name) ?? null;
}

const hasSameSettings = ({ of }: InitComparison, e: Experiment) =>
  differences(of, { ...withAutoRate(e), lr: null }).every((key) => key === 'init' || key === 'sigma');

function pinOf({ compare, experiment }: State, name: InitName): PinnedRun | null {
  const { pins } = compare;
  return (
    pins.find(
      (pin) => pin.experiment.init === name && differences(pin.experiment, own(experiment, name)).length === 0,
    ) ?? null
  );
}

/** The settings on screen with another initialisation, at its automatic rate. */
const own = (e: Experiment, init: InitName): Experiment => change({ ...withAutoRate(e), lr: null }, { init });

function InitResults({ name, chosen }: { readonly name: InitName; readonly chosen: boolean }) {
  const found = useLab((s) => foundOf(s, name));
  const training = useLab((s) => s.compare.starts?.doing === 'training');
  const ofTarget = useLab((s) => floorsOf(s)?.floor[s.experiment.rank] ?? null);
  if (found && 'why' in found)
    return (
      <td colSpan={4} className="why">
        {found.why}
      </td>
    );
  const run = found;
  const error = run && errorAtEnd(run);
  const floor = run?.reach?.floor ?? null;
  const other = floor !== null && ofTarget !== null && !isAtFloor(Math.max(floor, ofTarget), Math.min(floor, ofTarget));
  return (
    <>
      <td className="course">
        {run && <Course list={run.trace.series.relativeError} last={lastStep(run)} floor={ofTarget} />}
      </td>
      <td className="n">
        {run?.status === 'diverged' ? (
          <span className="bad-word">▲ diverged</span>
        ) : (
          <b>{error === null ? (training ? '…' : '–') : number(error)}</b>
        )}
      </td>
      <td className={other ? 'n own other' : 'n own'}>{floor === null ? '' : number(floor)}</td>
      <td>{chosen ? <span className="muted">this run</span> : <Tick name={name} />}</td>
    </>
  );
}

function Tick({ name }: { readonly name: InitName }) {
  const { pin, full, found } = useLabObject((s) => ({
    pin: pinOf(s, name),
    full: s.compare.pins.length >= MAX_PINS,
    found: foundOf(s, name),
  }));
  const experiment = useLab((s) => s.experiment);
  const dispatch = useDispatch();
  const toggle = () => {
    if (pin) return dispatch({ type: 'compare', does: 'unpin', pin: pin.id });
    const known = found && !('why' in found) ? { run: found } : {};
    dispatch({ type: 'compare', does: 'add', pins: [{ own: null, experiment: own(experiment, name), ...known }] });
  };
  return (
    <Check
      checked={pin !== null}
      disabled={pin === null && full}
      aria-label={`Pin ${inits.byName(name).label}`}
      onChange={toggle}
    >
      {pin ? 'pinned' : 'pin'}
    </Check>
  );
}

const [WIDE, HIGH] = [120, 24];
const POINTS = 60;

interface CourseProps {
  readonly list: ArrayLike<number> | undefined;
  readonly last: number;
  readonly floor: number | null;
}

function Course({ list, last, floor }: CourseProps): ReactNode {
  if (!list) return null;
  const y = (v: number) => HIGH - 2 - Math.max(0, Math.min(1, Number.isFinite(v) ? v : 1)) * (HIGH - 4);
  const length = Math.min(POINTS, last + 1);
  const points = Array.from({ length }, (_, i) => {
    const step = Math.round((i * last) / Math.max(1, length - 1));
    return `${(1 + (step * (WIDE - 5)) / Math.max(1, last)).toFixed(1)},${y(list[step]).toFixed(1)}`;
  });
  return (
    <svg className="curve" viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
      {floor !== null && <path className="floor" d={`M0 ${y(floor)}H${WIDE - 3}`} />}
      <path d={`M${points.join('L')}`} />
      <circle cx={WIDE - 4} cy={y(list[last])} r="2" />
    </svg>
  );
}
