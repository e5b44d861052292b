import { useEffect, useId, useMemo, useState } from 'react';
import { count, display, plural } from '../../experiment/numbers.ts';
import { type OptimiserName, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { isBesideLora, trainedMatrices } from '../../experiment/settings/bounds.ts';
import { followsDefault, isAutomatic, param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { leastOf, listedRates, rateText } from '../../experiment/settings/rate.ts';
import { Button, Check } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { hasBar } from '../../state/places.ts';
import { shownRepeats } from '../../state/run/listed-runs.ts';
import { currentScaling, proposedRate, type RateMarks, rateMarks, rateOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { ControlName, useHelp } from '../controls/control-name.tsx';
import { Fault, Numeric, Segments, useDefault, useField } from '../controls/numeric.tsx';
import { freshSeed } from '../controls/track.ts';
import { useIsVisible, useNamedControls, useVisibleControls } from '../controls/visible-controls.ts';
import { onDemand, useDispatch, useGetLab, useLab, useLabObject } from '../page.tsx';

const FIRST: readonly OptimiserName[] = ['sgd', 'adam', 'muon'];

const loadRuleWords = () => import('../../experiment/optimiser-words.ts');
type RuleWords = Awaited<ReturnType<typeof loadRuleWords>>;

/** What stands behind the names, loaded after the first view; null until then. */
function useRuleWords(): RuleWords | null {
  const [words, setWords] = useState<RuleWords | null>(null);
  useEffect(() => {
    void loadRuleWords().then(setWords, () => {});
  }, []);
  return words;
}

export function OptimiserControls() {
  const opt = useIsVisible('opt');
  const experiment = useLab((s) => s.experiment);
  const words = useRuleWords();
  const rules = useMemo(() => words?.rulesOf(experiment), [words, experiment]);
  return (
    <>
      {opt && <Segments of="opt" titles={rules} first={FIRST} />}
      <RateControl />
    </>
  );
}

/** The learning rate, derived from the experiment until set by hand; marks the edge of SGD. */
function RateControl() {
  const visible = useIsVisible('lr');
  const rate = useLab(rateOf);
  const marks = useLabObject(rateMarks);
  const words = useRuleWords();
  if (!visible) return null;
  return (
    <Numeric
      of="lr"
      value={rate === null ? null : leastOf(rate)}
      range={typeof rate === 'string' ? rateText(rate) : undefined}
      marks={marks}
      back={null}
      className="lr"
      choices={marks.at === null || !words ? [] : marks.beyond === null ? words.SAFE_RATE : words.SGD_EDGE}
    >
      <div className="note">
        <Origin />
        <EdgeWords {...marks} />
        <PredictSwitch />
      </div>
    </Numeric>
  );
}

const PredictNote = onDemand(async () => ({ default: (await import('../figures/foretold.tsx')).PredictNote }));

/** Muon's exact step from an aligned start has a law too. */
const isPolarAligned = ({ experiment: { opt, init } }: Pick<State, 'experiment'>) =>
  opt === 'polar' && init === 'aligned';

/** Offered for SGD on a matrix target, where the edge of the rate is known; and shown as long as it is on. */
function PredictSwitch() {
  const lab = useLab((s) => hasBar(s.view));
  const on = useLab((s) => s.view.predict);
  const offered = useLab((s) => rateMarks(s).beyond !== null || isPolarAligned(s));
  const dispatch = useDispatch();
  if (!lab || !(on || offered)) return null;
  return (
    <span className="block">
      <Check checked={on} onChange={(predict) => dispatch({ type: 'viewed', changes: { predict } })}>
        Predict before training
      </Check>{' '}
      {on ? <PredictNote /> : <span className="muted block">Laws: SGD, and Muon’s exact step.</span>}
    </span>
  );
}

function EdgeWords({ at, beyond }: RateMarks) {
  if (at === null) return null;
  if (beyond === null)
    return <span className="block edge">surely stable up to {display(at, 2)} (2/q, q: largest curvature)</span>;
  return (
    <span className="block edge">
      may jump from {display(at, 2)}; <span className="bad-word">▲{'\u00a0'}cannot settle</span> above{' '}
      {display(beyond, 2)}
    </span>
  );
}

/** s times the rate: how strongly one step of A or B moves ΔW. */
function Product() {
  const scaling = useLab(currentScaling);
  const rate = useLab(rateOf);
  const beside = useLab((s) => isBesideLora(s.experiment));
  if (typeof rate === 'string') return <EachRate rate={rate} />;
  if (rate === null || beside) return null;
  return (
    <>
      , <Sym of="s" />
      ·rate = {display(scaling * rate, 3)}
    </>
  );
}

/** The rates of a network's matrices: "a matrix at a time: in 0.0041, hidden 0.0056". */
function EachRate({ rate }: { readonly rate: string }) {
  const names = trainedMatrices(useLab((s) => s.experiment)).map(({ name }) => name);
  const rates = listedRates(rate).map((one) => display(one));
  return <>, a matrix at a time: {names.map((name, i) => `${name}\u00a0${rates[i]}`).join(', ')}</>;
}

function Origin() {
  const fixed = useLab((s) => !isAutomatic(s.experiment));
  const held = useLab((s) => s.experiment.lr !== null);
  const derived = useLab(proposedRate);
  const back = useDefault('lr');
  if (!fixed)
    return (
      <p title={held ? 'As in the link, until you change a setting' : 'Adapts to every change'}>
        automatic
        <Product />
      </p>
    );
  return (
    <>
      <p>
        fixed
        <Product />
      </p>
      automatic: {derived === null ? 'not known yet' : rateText(derived)}{' '}
      <Button className="back" aria-label="Use automatic learning rate" onClick={back}>
        Use automatic
      </Button>
    </>
  );
}

const Details = onDemand(() => import('./details.tsx'));

/** Settings that most runs leave as they are. */
const DETAILS = [
  'order',
  'warmup',
  'schedule',
  'precision',
  'lossscale',
  'clip',
  'decayb',
] as const satisfies readonly ParamKey[];

export function BudgetControls() {
  const [seed, steps, ratio] = [useIsVisible('seed'), useIsVisible('steps'), useIsVisible('ratio')];
  const [batch, size, epsilon] = [useIsVisible('batch'), useIsVisible('size'), useIsVisible('epsilon')];
  const details = useVisibleControls(DETAILS);
  const set = useLab(({ experiment: e }) => details.filter((key) => !followsDefault(key, e)).join());
  const [open, setOpen] = useState(false);
  const picked = useNamedControls();
  const folded = useId();
  const budget = useLab((s) => s.experiment.steps);
  const changed = useLab((s) => s.experiment.ratio !== 1);
  const sized = useLab((s) => s.experiment.size !== 1);
  const setEpsilon = useLab((s) => s.experiment.epsilon);
  const unfolded = open || picked;
  // A ratio or a size in force is never hidden.
  const showsRatio = ratio && (unfolded || changed);
  const showsSize = size && (unfolded || sized);
  const showsEpsilon = epsilon && (unfolded || setEpsilon !== null);
  const any = steps || ratio || batch || size || epsilon || details.length > 0;
  const more = any && !picked;
  if (!(seed || any)) return null;
  const shownDetails = unfolded ? details : details.filter((key) => set.split(',').includes(key));
  return (
    <>
      {(seed || more) && (
        <div className="ctl seed" data-param="seed">
          <div className="row">
            {seed && <Seed />}
            {more && (
              <Button
                className="link last"
                aria-expanded={open}
                aria-controls={folded}
                title={[
                  ...(['batch', 'steps', 'ratio', 'size', 'epsilon'] as const).filter(
                    (key) => ({ batch, steps: true, ratio: true, size, epsilon })[key],
                  ),
                  ...details,
                ]
                  .map((key) => param(key).label)
                  .join(', ')}
                onClick={() => setOpen(!open)}
              >
                {count(budget)} {budget === 1 ? 'step' : 'steps'}
              </Button>
            )}
          </div>
          {seed && <Repeat place="beside" />}
        </div>
      )}
      <div
        id={folded}
        className="stack group fold"
        hidden={
          !(unfolded && (steps || batch)) && !showsRatio && !showsSize && !showsEpsilon && shownDetails.length === 0
        }
      >
        {unfolded && seed && <Repeat place="folded" />}
        {unfolded && steps && <Numeric of="steps" />}
        {unfolded && batch && <Numeric of="batch" />}
        {showsRatio && <Numeric of="ratio" className="hue-b" />}
        {showsSize && <Numeric of="size" />}
        {showsEpsilon && <Numeric of="epsilon" value={setEpsilon ?? USUAL_EPSILON} />}
        {shownDetails.length > 0 && <Details keys={shownDetails} />}
      </div>
    </>
  );
}

function Seed() {
  const value = useLab((s) => s.experiment.seed);
  const dispatch = useDispatch();
  const now = useGetLab();
  const id = useId();
  const { field, fault } = useField('seed', value);
  const { label } = param('seed');
  const help = useHelp('seed');
  return (
    <>
      <span className="lb-top">
        <ControlName of="seed" />
        <input id={id} aria-label={label} aria-describedby={fault ? `${id}wrong` : `${id}help`} {...field} />
        <span id={`${id}help`} hidden>
          {help}
        </span>
      </span>
      <Button onClick={() => dispatch({ type: 'changed', changes: { seed: freshSeed(now().experiment.seed) } })}>
        New seed
      </Button>
      <Fault id={`${id}wrong`}>{fault}</Fault>
    </>
  );
}

const RepeatForm = onDemand(() => import('./repeat-form.tsx'));

/** Enough for a band that does not depend on a single run. */
const USUAL_SEEDS = 10;

/**
 * Repeats the experiment over several seeds. A low window has no room next to the seed, but below the number of steps.
 */
function Repeat({ place }: { readonly place: 'beside' | 'folded' }) {
  const lab = useLab((s) => hasBar(s.view));
  const wanted = useLab((s) => s.view.repeat);
  const repeated = useLab(shownRepeats);
  const [seeds, setSeeds] = useState<number | null>(null);
  if (!lab) return null;
  const n = seeds ?? (wanted > 1 ? wanted : USUAL_SEEDS);
  const label = repeated
    ? repeated.going
      ? `seed ${repeated.runs.length} of ${repeated.seeds} …`
      : `median of ${plural(repeated.runs.length, 'seed')} shown`
    : `repeat over ${plural(n, 'seed')}`;
  return (
    <Menu label={label} kind={`repeat ${place}`} name={`${label}: repeat this experiment with other seeds`} room={240}>
      <RepeatForm seeds={n} onSeeds={setSeeds} />
    </Menu>
  );
}
