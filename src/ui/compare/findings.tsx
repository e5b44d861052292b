import type { ReactNode } from 'react';
import { inits } from '../../experiment/inits/index.ts';
import { listed, number } from '../../experiment/numbers.ts';
import { frozenFactorOf, isBesideLora, isQuantised } from '../../experiment/settings/bounds.ts';
import { Sym } from '../../kit/symbols.tsx';
import { differences, ownFloorBy, trainedExperiment } from '../words/run-names.ts';
import { bestOf } from './figures.ts';
import { hasStepped, type RunColumn } from './run-columns.ts';

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five'];

/** Sentences about runs side by side, in parts so that symbols can be typeset. */
export interface Findings {
  readonly towards: string;
  readonly closest: string | null;
  readonly own: readonly string[];
}

/** Rule-based: which run comes closest, and which runs have a floor other than that of their rank. */
export function findingsOf(columns: readonly RunColumn[]): Findings {
  const all = columns.filter(hasStepped);
  const trained = all.filter((one, i) => !all.slice(0, i).some((other) => isSameRun(one, other)));
  const same = trained.every(({ target }) => target === trained[0].target);
  const how = NUMBERS[trained.length] ?? String(trained.length);
  const towards =
    trained.length === 1
      ? `${all.length > 1 ? `${NUMBERS[all.length]} runs with the same settings` : 'One run'}`
      : `${how} runs, ${same ? 'same target' : 'not all with the same target'}`;
  const byLora = trained.filter(({ experiment }) => !isBesideLora(experiment));
  const moved = byLora.filter(({ experiment }) => inits.byName(experiment.init).moves);
  const frozen = byLora.filter(({ experiment }) => frozenFactorOf(experiment) !== null);
  const quantised = trained.filter(({ experiment: e }) => isQuantised(e) && !isBesideLora(e) && !frozenFactorOf(e));
  const still = hasStepped(columns[0]) || columns[0].pin ? [] : ['This run has not been trained yet.'];
  const own = [
    ...startsOf(moved, 'from part of W₀'),
    ...startsOf(frozen, 'with a frozen factor'),
    ...startsOf(quantised, 'from a quantised base'),
    ...still,
  ];
  return { towards, closest: same ? closestOf(trained) : null, own };
}

/** Two columns of one run: the same settings and, if stopped, the same steps. */
function isSameRun(a: RunColumn, b: RunColumn): boolean {
  return a.target === b.target && differences(trainedExperiment(a), trainedExperiment(b)).length === 0;
}

/** "r = 32 comes closest"; runs whose printed numbers are equal tie. */
function closestOf(columns: readonly RunColumn[]): string | null {
  const best = bestOf(columns);
  if (best === null || columns.length < 2) return null;
  const first = columns.filter(
    ({ error, status }) => error !== null && status !== 'diverged' && number(error) === number(best),
  );
  if (first.length === columns.length) return 'all end at the same error';
  const names = listed(first.map(({ name }) => name));
  return first.length === 1 ? `${names} comes closest` : `${names} come equally close`;
}

function startsOf(columns: readonly RunColumn[], how: string): string[] {
  const labels = [...new Set(columns.map(({ experiment }) => ownFloorBy(experiment) ?? ''))];
  if (labels.length === 0) return [];
  return labels.length === 1
    ? [`${labels[0]} starts ${how} and has its own floor.`]
    : [`${listed(labels)} start ${how} and have floors of their own.`];
}

export function FindingText({ children }: { readonly children: string }): ReactNode {
  return children.split(/(ΔW\*|W₀|\br(?= = ))/).map((part, i) => (i % 2 === 1 ? <Sym key={i} of={part} /> : part));
}
