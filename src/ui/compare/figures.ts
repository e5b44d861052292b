import { trainedParameters } from '../../experiment/network/costs.ts';
import { count, number } from '../../experiment/numbers.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { isActive, isAutomatic, param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { rateText } from '../../experiment/settings/rate.ts';
import { lastStep } from '../../state/run/run.ts';
import { shareOf } from '../words/parameters.ts';
import { differences, nameKeys, settingWords, trainedExperiment } from '../words/run-names.ts';
import { hasStepped, type RunColumn } from './run-columns.ts';

interface RunFigure {
  readonly value: string;
  readonly note?: string;
  readonly best?: boolean;
}

export interface FigureRow {
  readonly label: string;
  readonly help?: string;
  readonly figures: readonly RunFigure[];
}

const NONE: RunFigure = { value: '–' };

/** Least error of the runs that have not diverged; null if unknown. */
export function bestOf(columns: readonly RunColumn[]): number | null {
  const errors = columns.flatMap(({ error, status }) => (error !== null && status !== 'diverged' ? [error] : []));
  return errors.length > 0 ? Math.min(...errors) : null;
}

/** Figures, and settings that differ and are in no name. `few`: without the row that is dropped first. */
export function rowsOf(columns: readonly RunColumn[], few = false): readonly FigureRow[] {
  const best = columns.length > 1 ? bestOf(columns) : null;
  // Of networks no ΔW* is known.
  const isMatrix = ({ experiment }: RunColumn) => !isNetwork(experiment);
  const errors = [
    { label: 'Relative error', figures: columns.map((column) => errorFigure(column, best)) },
    {
      label: 'Floor',
      help: 'The least error that this rank and this initialisation can reach',
      figures: columns.map(floorFigure),
    },
    ...(few ? [] : [{ label: 'Within 5% of it', figures: columns.map(withinFigure) }]),
  ];
  return [
    ...(columns.every(isMatrix) ? [] : accuracyRows(columns)),
    ...(columns.some(isMatrix) ? errors : []),
    { label: 'Learning rate', figures: columns.map(rateFigure) },
    ...stepsRow(columns),
    ...unnamedKeys(columns).map((key) => ({
      label: param(key).label,
      // A method without a rank has none to show.
      figures: columns.map(
        ({ experiment }): RunFigure => (isActive(key, experiment) ? { value: settingWords(key, experiment) } : NONE),
      ),
    })),
    { label: 'Trained parameters', figures: columns.map(trainedFigure) },
  ];
}

/** Held out, at the end of each network: of the new task, with the best marked, and of the old one. */
function accuracyRows(columns: readonly RunColumn[]): readonly FigureRow[] {
  const text = (value: number | undefined) => value?.toFixed(3) ?? null;
  const row = (label: string, help: string, of: 'accuracy' | 'oldAccuracy'): FigureRow => {
    const values = columns.map(({ run, status }) => (status === 'diverged' ? undefined : run?.losses[of]?.at(-1)));
    const shown = values.filter((value) => value !== undefined);
    const best = shown.length > 1 ? text(Math.max(...shown)) : null;
    return {
      label,
      help,
      figures: values.map((value, i): RunFigure => {
        const { run, pin, status, experiment } = columns[i];
        if (!isNetwork(experiment)) return NONE;
        if (!run) return { value: pin?.waits ? 'not trained yet' : 'in training' };
        if (status === 'diverged') return { value: '▲ diverged', note: `step ${count(run.trace.length - 1)}` };
        return value === undefined ? NONE : { value: text(value) ?? '', best: text(value) === best };
      }),
    };
  };
  return [
    row('Accuracy', 'Share of held-out examples of the new task that it answers right', 'accuracy'),
    row('On the old task', 'The same for what the network could do before', 'oldAccuracy'),
  ];
}

function errorFigure({ run, pin, error, status }: RunColumn, best: number | null): RunFigure {
  if (!run) return { value: pin?.waits ? 'not trained yet' : 'in training' };
  if (status === 'diverged') return { value: '▲ diverged', note: `step ${count(run.trace.length - 1)}` };
  if (error === null) return NONE;
  if (lastStep(run) <= 0) return { value: number(error), note: 'not trained yet' };
  return { value: number(error), best: best !== null && number(error) === number(best) };
}

function floorFigure({ run, floor, ownFloor }: RunColumn): RunFigure {
  if (!run || floor === null) return NONE;
  return { value: number(floor), ...(ownFloor !== null && { note: 'its own' }) };
}

function withinFigure({ run, floor, within, status }: RunColumn): RunFigure {
  if (!run || floor === null || floor === 0 || status === 'diverged' || lastStep(run) <= 0) return NONE;
  if (within !== null) return { value: `step ${count(within)}` };
  return { value: 'not yet' };
}

function stepsRow(columns: readonly RunColumn[]): readonly FigureRow[] {
  const made = columns.flatMap(({ run, status }) =>
    run && hasStepped({ run }) && status !== 'training' && status !== 'diverged' ? [lastStep(run)] : [],
  );
  if (new Set(made).size < 2) return [];
  return [
    { label: 'Steps', figures: columns.map(({ run }) => (run ? { value: count(Math.max(0, lastStep(run))) } : NONE)) },
  ];
}

function rateFigure({ experiment, rate }: RunColumn): RunFigure {
  if (rate === null) return NONE;
  return { value: rateText(rate), ...(isAutomatic(experiment) && { note: 'automatic' }) };
}

function trainedFigure({ experiment, run }: RunColumn): RunFigure {
  if (isNetwork(experiment)) {
    return run ? { value: count(trainedParameters(experiment)) } : NONE;
  }
  const adapter = adapterOf(experiment);
  return { value: count(countsOf(adapter).trained), note: shareOf(adapter) };
}

/** Settings that differ from the run on screen and that the run's name does not mention. */
function unnamedKeys([live, ...pins]: readonly RunColumn[]): readonly ParamKey[] {
  const keys = new Set<ParamKey>();
  const all = pins.map(({ pin, experiment }) => (pin ? trainedExperiment({ experiment, run: pin.run }) : experiment));
  for (const [i, { pin }] of pins.entries()) {
    const own = all[i];
    const named = pin?.own === null ? nameKeys(own, live.experiment, all.toSpliced(i, 1)) : [];
    for (const key of differences(own, live.experiment))
      if (!named.includes(key) && key !== 'lr' && key !== 'data' && key !== 'steps') keys.add(key);
  }
  return [...keys];
}
