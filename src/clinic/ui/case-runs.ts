import { useEffect, useMemo } from 'react';
import { parseLink } from '../../experiment/link/link.ts';
import { count, plural } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { pinOf, writePins } from '../../experiment/plan/pins.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { isActive, withAutoRate } from '../../experiment/settings/experiment.ts';
import { rateText } from '../../experiment/settings/rate.ts';
import type { CaseName, ViewName } from '../../experiment/settings/view.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { PageEvent } from '../../state/events.ts';
import { type Clinic, type ClinicEnd, lastStep } from '../../state/run/run.ts';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import type { CaseRun, CaseRuns, ClinicCase, Evidence } from '../cases/case.ts';

/** Runs of other complaints that are kept: Back to the last few shows them without training. */
export const MOST_OTHERS = 40;

/** Key of a run: its complaint, and its key there. */
export const clinicKey = (complaint: string, run: string): string => `${complaint}/${run}`;

/** Asks for these runs in place of those that wait; known ones are not trained again. */
export function withAsked({ ends, cured }: Clinic, runs: readonly string[]): Clinic {
  const others = [...ends].filter(([key]) => !runs.includes(key)).slice(-MOST_OTHERS);
  const known = [...ends].filter(([key]) => runs.includes(key));
  return { waiting: runs.filter((key) => !ends.has(key)), ends: new Map([...others, ...known]), cured };
}

/** Trains these runs anew. */
export function withoutEnds(clinic: Clinic, runs: readonly string[]): Clinic {
  const ends = new Map([...clinic.ends].filter(([key]) => !runs.includes(key)));
  return withAsked({ ...clinic, ends }, runs);
}

export const withEnd = ({ waiting, ends, cured }: Clinic, run: string, end: ClinicEnd): Clinic => ({
  waiting: waiting.filter((key) => key !== run),
  ends: new Map(ends).set(run, end),
  cured,
});

const ORDER = ['symptom', 'cure', 'reference', 'wrong'] as const satisfies readonly CaseRun['role'][];

/** The runs to train, the most telling first; that of the cure once the remedy is switched on. */
export function runsToTrain({ runs }: Pick<ClinicCase, 'runs'>, cured: boolean): readonly CaseRun[] {
  const wanted = runs.filter(({ role }) => cured || role !== 'cure');
  return wanted.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
}

interface CaseView {
  readonly cured: boolean;
  readonly evidence: Evidence;
  readonly status: CaseStatus;
  readonly onSwitch: (cured: boolean) => void;
  readonly onAgain: () => void;
}

interface CaseStatus {
  /** Bold: "Finished", "Training". */
  readonly first: string;
  readonly rest: string;
  readonly done: boolean;
}

/** Trains the runs of a complaint while it is on screen, and says what they show. */
export function useCase(of: ClinicCase): CaseView {
  const clinic = useLab((s) => s.clinic);
  const now = useGetLab();
  const dispatch = useDispatch();
  const cured = clinic.cured === of.name;
  const asked = useMemo(() => runsToTrain(of, cured), [of, cured]);
  const keys = useMemo(() => asked.map(({ key }) => clinicKey(of.name, key)), [of, asked]);
  const put = (next: Clinic) => dispatch({ type: 'clinic', clinic: next });
  useEffect(() => {
    dispatch({ type: 'clinic', clinic: withAsked(now().clinic, keys) });
  }, [keys, dispatch, now]);
  useEffect(() => () => dispatch({ type: 'clinic', clinic: withAsked(now().clinic, []) }), [dispatch, now]);
  const { ends } = clinic;
  const evidence = useMemo(() => of.evidence(knownRuns(of, ends), cured), [of, ends, cured]);
  return {
    cured,
    evidence,
    status: statusOf(of.name, asked, ends),
    onSwitch: (on) => put({ ...now().clinic, cured: on ? of.name : '' }),
    onAgain: () => put(withoutEnds(now().clinic, keys)),
  };
}

/** The finished runs of a complaint. */
export const knownRuns = ({ name, runs }: ClinicCase, ends: Clinic['ends']): CaseRuns =>
  new Map(
    runs.flatMap((run) => {
      const end = ends.get(clinicKey(name, run.key));
      return end && !('why' in end) ? [[run.key, end] as const] : [];
    }),
  );

export function statusOf(name: string, asked: readonly CaseRun[], ends: Clinic['ends']): CaseStatus {
  const known = asked.flatMap((run) => {
    const end = ends.get(clinicKey(name, run.key));
    return end ? [{ run, end }] : [];
  });
  const failed = known.find(({ end }) => 'why' in end);
  if (failed && 'why' in failed.end)
    return { first: 'Not trained', rest: `: “${failed.run.label}”. ${failed.end.why}`, done: true };
  if (known.length < asked.length)
    return { first: 'Training', rest: ` …, ${count(known.length)} of ${plural(asked.length, 'run')}`, done: false };
  const steps = new Set(known.map(({ end }) => ('why' in end ? 0 : Math.max(end.experiment.steps, lastStep(end)))));
  const [most] = [...steps].sort((a, b) => b - a);
  const runs = asked.length === 1 ? '' : asked.length === 2 ? ', both runs' : `, ${count(asked.length)} runs`;
  const length = steps.size > 1 ? `up to ${plural(most, 'step')}` : plural(most ?? 0, 'step');
  return { first: 'Finished', rest: asked.length === 0 ? '' : `, ${length}${runs}`, done: true };
}

/** The run that the symptom or the cure is; undefined: none is trained. */
const runOf = ({ runs }: Pick<ClinicCase, 'runs'>, role: CaseRun['role']) => runs.find((run) => run.role === role);

const experimentOf = ({ link }: CaseRun) => parseLink(link).experiment;

/** What the shown run is set to, in a line: "Sunglasses for an owl · rank 64 · α = 16 · SGD, rate 0.02 · seed 3". */
export function caseSettings(of: Pick<ClinicCase, 'runs'>, cured: boolean): string {
  const run = (cured ? runOf(of, 'cure') : undefined) ?? runOf(of, 'symptom') ?? of.runs[0];
  if (!run) return '';
  const e = experimentOf(run);
  const target = targets.byName(e.target);
  return [
    isNetwork(e) ? `${target.label}, ${e.adapt}` : target.caption(e),
    ...(isActive('rank', e) ? [`rank ${count(e.rank)}`] : []),
    ...(isActive('alpha', e) ? [`α = ${count(e.alpha)}`] : []),
    `${optimisers.byName(e.opt).label}, rate ${e.lr === null ? 'automatic' : rateText(e.lr)}`,
    `seed ${e.seed}`,
  ].join(' · ');
}

/** A name of a pin is no longer. */
const LONGEST_NAME = 40;

/** A run that its link makes, without the drawings or the factors of others. */
const opensAlone = (run: CaseRun | undefined) => (run && !run.hands && !run.measures ? run : undefined);

/**
 * The place that does to files what a complaint shows of runs that no link makes: those of *together* train on two
 * people's drawings, and the cure of *size* is cut from another run.
 */
export const FILE_TOOLS: { readonly [name in CaseName]?: { readonly view: ViewName; readonly label: string } } = {
  size: { view: 'resize', label: 'Resize a file' },
  together: { view: 'two', label: 'Add two adapter files' },
};

/** Opens the shown run in the lab, trained, with the other one as a pin; the lab leads back. Null: there is none. */
export function openInLab(of: ClinicCase, cured: boolean): PageEvent | null {
  const [symptom, cure] = (['symptom', 'cure'] as const).map((role) => opensAlone(runOf(of, role)));
  // A cure that no link makes leads nowhere, rather than to its symptom; one that is no run is seen on the symptom's.
  const shown = cured && runOf(of, 'cure') ? cure : (symptom ?? cure);
  if (!shown) return null;
  const other = shown === symptom ? cure : symptom;
  const { experiment, view } = parseLink(shown.link);
  const live = withAutoRate(experiment);
  const pins = other ? [pinOf(experimentOf(other), live, other.label.slice(0, LONGEST_NAME))] : [];
  return {
    type: 'opened',
    experiment,
    view: { ...view, view: other ? 'compare' : 'lab', case: of.name, compare: writePins(pins, live), done: true },
    drawing: null,
    notices: [],
    preset: null,
  };
}
