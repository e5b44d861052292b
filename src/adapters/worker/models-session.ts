import { type Checkpoint, LONGEST_INDEX, openCheckpoint } from '../file/checkpoints/checkpoint.ts';
import {
  canCountIntruders,
  countIntruders,
  type DifferenceFigures,
  differenceFigures,
  pairPlaces,
} from '../file/checkpoints/difference-figures.ts';
import {
  type DifferenceLora,
  type DifferencePlan,
  differenceFile,
  differenceLora,
  measuredErrors,
} from '../file/checkpoints/lora-file.ts';
import { matchTensors, type TensorMatches, type TensorPair } from '../file/checkpoints/match-tensors.ts';
import { type ModelFiles, modelsAmong } from '../file/checkpoints/model-files.ts';
import { deltaPanels, roundedMatrix, weightPanels } from '../file/checkpoints/panels.ts';
import { sourceOf } from '../file/file-source.ts';
import type { Fault } from '../file/model.ts';
import type { AdaptersNews, ComparedModels, ImportedFile, LoraOutlook, ModelFacts, ModelsCalls } from './protocol.ts';
import { type InTurn, type Walk, type WalkOptions, walk } from './reports.ts';
import type { NewFile } from './write-file.ts';

interface Models {
  readonly matches: TensorMatches;
  readonly figures: (DifferenceFigures | null)[];
}

export interface ModelsSession extends ModelsCalls {
  /** The LoRA of a plan as a file to be written. */
  readonly newLora: (plan: DifferencePlan, signal: AbortSignal) => NewFile | Fault;
}

interface SessionParts {
  readonly post: (news: AdaptersNews) => void;
  /** Reports errors; the signal is that of *Cancel*. */
  readonly run: (work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  readonly drawnAt: WalkOptions['drawnAt'];
  readonly inTurn: InTurn;
}

const NOT_MEASURED: Fault = { fault: 'Not all is measured.', details: 'Measure the rest of the two models first.' };

export function createModelsSession({ post, run, drawnAt, inTurn }: SessionParts): ModelsSession {
  let models: Models | null = null;
  const fail = ({ fault, details }: Fault) => post({ type: 'failed', title: fault, details, ofModels: true });

  const measure = (signal: AbortSignal) => {
    const mine = models;
    if (!mine) return Promise.resolve();
    const report = (from: number, figures: readonly DifferenceFigures[], secondsLeft: number | null) => {
      if (mine === models) post({ type: 'models-measured', from, figures, secondsLeft });
    };
    const work = () => walk(unmeasured(mine, signal), report, { signal, ahead: () => 1, drawnAt });
    return inTurn(work);
  };

  const loraOf = (plan: DifferencePlan): DifferenceLora | Fault => {
    const figures = models?.figures.filter((of) => of !== null) ?? [];
    if (!models || figures.length < models.figures.length) return NOT_MEASURED;
    return differenceLora(models.matches.pairs, figures, plan);
  };

  return {
    compareModels: (base, fine) =>
      void run(async (signal) => {
        models = null;
        const opened: Checkpoint[] = [];
        for (const files of [base, fine]) {
          const checkpoint = await openModel(files);
          if ('fault' in checkpoint) return fail(checkpoint);
          opened.push(checkpoint);
        }
        signal.throwIfAborted();
        const matches = matchTensors(opened[0], opened[1]);
        if ('fault' in matches) return fail(matches);
        models = { matches, figures: matches.pairs.map(() => null) };
        post({ type: 'models-matched', matched: comparedModels(opened, matches) });
        await measure(signal);
      }),

    measureModels: () => void run(measure),

    countIntruders: (index) =>
      void run(async (signal) => {
        const mine = models;
        const of = mine?.figures[index];
        if (!mine || !of?.spectrum) return;
        const intruders = await inTurn(() => countIntruders(mine.matches.pairs[index], signal));
        if (mine !== models) return;
        const figures = { ...of, spectrum: { ...of.spectrum, intruders } };
        mine.figures[index] = figures;
        post({ type: 'models-measured', from: index, figures: [figures], secondsLeft: null });
      }),

    differenceMatrix: (index) =>
      inTurn(async () => {
        const pair = models?.matches.pairs[index];
        if (!pair?.matrix) return NOT_MEASURED;
        const delta = await roundedMatrix(await deltaPanels(pair));
        return { delta, base: await roundedMatrix(await weightPanels(pair, 'base')) };
      }),

    async planLora(plan) {
      const lora = loraOf(plan);
      if ('fault' in lora) return lora;
      const sizes = [1, Infinity].map((rank) => loraOf({ ...plan, way: { by: 'rank', rank } }));
      const [least, most] = sizes.map((one) => ('fault' in one ? lora.bytes : one.bytes));
      return outlookOf(models?.matches.pairs ?? [], lora, [least, most]);
    },

    newLora(plan, signal) {
      const lora = loraOf(plan);
      if ('fault' in lora) return lora;
      const made = differenceFile(lora, { signal });
      return {
        ...made,
        // Complete once all of it is written.
        foretold: () => made.foretold().error,
        measure: async (written, going) => {
          const found = await measuredErrors(lora, written, going);
          return 'fault' in found ? found : found.error;
        },
      };
    },
  };
}

const unmeasured = (of: Models, signal: AbortSignal): Walk<number, DifferenceFigures> => ({
  items: [...of.figures.keys()].filter((i) => of.figures[i] === null),
  bytesOf: () => 0,
  indexOf: (i) => i,
  cost: (i) => of.matches.pairs[i].shape.reduce((product, side) => product * side, 1) + 10_000,
  read: async (i) => {
    const figures = await differenceFigures(of.matches.pairs[i], { signal });
    of.figures[i] = figures;
    return figures;
  },
});

/** The one model among files: reads headers, and the index. A Fault if there is none, or it is damaged. */
export async function openModel(brought: readonly ImportedFile[]): Promise<Checkpoint | Fault> {
  const found = modelsAmong(brought);
  if ('fault' in found) return found;
  const [{ name, index, files }] = found;
  return checkpointOf({ name, index, files });
}

/** Reads headers, and the index if there is one. */
async function checkpointOf({ name, index, files }: ModelFiles<ImportedFile>): Promise<Checkpoint | Fault> {
  // A longer one is refused by its length.
  const text = index && (await index.file.slice(0, LONGEST_INDEX + 4).text());
  return openCheckpoint({ name, index: text, files: files.map(({ file }) => sourceOf(file, file.name)) });
}

function comparedModels([base, fine]: readonly Checkpoint[], matches: TensorMatches): ComparedModels {
  const { pairs, onlyBase, onlyFine, unlike, notFloat, prefix } = matches;
  const places = pairPlaces(pairs);
  const facts = ({ name, bytes, tensors }: Checkpoint): ModelFacts => ({ name, bytes, tensors: tensors.size });
  return {
    base: facts(base),
    fine: facts(fine),
    pairs: pairs.map((pair, i) => ({
      ...{ name: pair.name, shape: pair.shape, matrix: pair.matrix, place: places[i] },
      dtypes: [pair.base.dtype, pair.fine.dtype],
      canCountIntruders: canCountIntruders(pair),
    })),
    onlyBase: onlyBase.map(({ name }) => name),
    onlyFine: onlyFine.map(({ name }) => name),
    unlike: unlike.map(([a, b]) => `${a.name}: ${a.shape.join(' × ')} and ${b.shape.join(' × ')}`),
    notFloat: notFloat.map(([a, b]) => `${a.name}: ${a.dtype} and ${b.dtype}`),
    prefix,
  };
}

function outlookOf(pairs: readonly TensorPair[], lora: DifferenceLora, sizes: LoraOutlook['sizes']): LoraOutlook {
  const { plan, error, errorOfAll, bytes, short, left, layers, ranks } = lora;
  const rankOf = new Map(layers.map(({ pair }, i) => [pair, ranks[i]]));
  return {
    ...{ plan, error, errorOfAll, bytes, sizes, short },
    ranks: pairs.map((pair) => rankOf.get(pair) ?? null),
    left: left.map(([, why]) => why),
  };
}
