import type { ComponentType } from 'react';
import { exampleHand, joinedHands } from '../../class/model/class-hands.ts';
import type { CaseRun, CaseRuns, ClinicCase } from '../../clinic/cases/case.ts';
import { caseByName } from '../../clinic/cases/cases.ts';
import { measuredFactors } from '../../clinic/cases/measured-factors.ts';
import type { Diagnosis } from '../../clinic/reader/diagnose.ts';
import readerUrl from '../../clinic/reader/reader-worker.ts?worker&url';
import { clinicKey, knownRuns, withEnd } from '../../clinic/ui/case-runs.ts';
import { ClinicPage } from '../../clinic/ui/clinic-page.tsx';
import type { TextReader } from '../../clinic/ui/pasted.ts';
import type { PoolJob } from '../../engine/bridge/pool.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { besidePage } from '../../experiment/methods/floors/beside-page.ts';
import type { HandSets } from '../../experiment/network/digits.ts';
import { isCaseName } from '../../experiment/settings/view.ts';
import { loadFailureNotice } from '../../state/notices.ts';
import { screenOf } from '../../state/places.ts';
import type { Clinic } from '../../state/run/run.ts';
import type { State, Store } from '../../state/state.ts';
import { trainWaiting } from '../compare/runs-beside.ts';
import { workerAnswer } from '../opening/one-answer.ts';
import { runWithPart } from '../parts.ts';
import { recordOf } from '../pool.ts';

/** In a worker of its own: a text of 500,000 characters takes up to a second. */
const readText: TextReader = async (question, wanted) => {
  const answer = await workerAnswer<Diagnosis>({ script: readerUrl, name: 'clinic', question, wanted });
  return answer && 'fault' in answer ? { kind: 'failed', why: `No answer: ${answer.fault} Look again.` } : answer;
};

/** The door of the clinic: its page, and the runs that it asks for. */
export function clinicPart(store: Store): ComponentType {
  watchClinic(store);
  const openAdapters = (files: readonly File[]) => {
    store.dispatch({ type: 'viewed', changes: { view: 'adapters' } });
    import('../../adapters/app/adapters-part.tsx').then(
      ({ adaptersPart }) => adaptersPart(store).open(files),
      () => store.dispatch(loadFailureNotice()),
    );
  };
  const openOwn = async (file: File) => {
    const files = import('../files.ts');
    const own = await files.then(
      ({ isOwnFile }) => isOwnFile(file),
      () => false,
    );
    const open = async (part: Awaited<typeof files>) =>
      store.dispatch(await part.openFile(file, store.state().drawings));
    if (own) void runWithPart(files, open, store.dispatch, 'file');
    return own;
  };
  return () => <ClinicPage onAdapters={openAdapters} onOwnFile={openOwn} readText={readText} />;
}

/** Trains the runs of the complaint on screen; those that wait when it is left are not trained. */
function watchClinic(store: Store): void {
  const isShown = (now: State) => screenOf(now) === 'clinic';
  trainWaiting<string>(store, {
    waiting: (now) => (isShown(now) ? now.clinic.waiting.filter((key) => isReady(key, now.clinic)) : []),
    changed: (now, before) => now.clinic !== before.clinic || isShown(now) !== isShown(before),
    job: (key, { clinic }) => jobOf(key, clinic, () => store.state().clinic.waiting.includes(key)),
    // Somebody looks at them.
    priority: 2,
    ended: (key, result) => {
      const found = runOf(key);
      const end =
        'why' in result || !found
          ? { why: 'why' in result ? result.why : key }
          : recordOf(result, experimentOf(found.run));
      return { type: 'clinic', clinic: withEnd(store.state().clinic, key, end) };
    },
  });
}

const experimentOf = ({ link }: CaseRun) => parseLink(link).experiment;

function runOf(key: string): { readonly of: ClinicCase; readonly run: CaseRun } | null {
  const [name, ...rest] = key.split('/');
  const of = isCaseName(name) ? caseByName(name) : null;
  const run = of?.runs.find((one) => one.key === rest.join('/'));
  return of && run ? { of, run } : null;
}

/** Whether the runs that it is made of have ended. */
function isReady(key: string, { ends }: Clinic): boolean {
  const found = runOf(key);
  return found !== null && partsOf(found.run).every((part) => ends.has(clinicKey(found.of.name, part)));
}

const partsOf = ({ measures }: CaseRun): readonly string[] =>
  !measures ? [] : 'cut' in measures ? [measures.cut] : measures.sum.map(({ run }) => run);

/** Makes drawings and factors in slices; null if the run is not wanted any more. */
async function jobOf(key: string, clinic: Clinic, wanted: () => boolean): Promise<PoolJob | null> {
  const found = runOf(key);
  if (!found) return null;
  const { of, run } = found;
  const experiment = experimentOf(run);
  const hand = run.hands && (await besidePage(drawingsOf(run.hands), wanted));
  const measures = run.measures && (await besidePage(factorsOf(run, knownRuns(of, clinic.ends)), wanted));
  if (hand === null || measures === null) return null;
  return {
    ...{
      experiment,
      drawing: null,
      observe: run.observe ?? (run.keepsFactors && [0]),
      keep: run.keepsFactors ? ['factors'] : [],
    },
    ...(hand && { hand }),
    ...(measures && { measures }),
  };
}

function* factorsOf(run: CaseRun, runs: CaseRuns): Generator<void, ReturnType<typeof measuredFactors>> {
  yield;
  return measuredFactors(run, runs);
}

function* drawingsOf(hands: readonly number[]): Generator<void, HandSets> {
  const sets: HandSets[] = [];
  for (const hand of hands) sets.push(yield* exampleHand(hand));
  return joinedHands(sets.map((one) => ({ sets: one })));
}
