import { goalText } from '../../class/ui/goal-words.ts';
import type { MatricesRequest, MatricesResponse } from '../../engine/reader/maker.ts';
import makerUrl from '../../engine/reader/maker.ts?worker&url';
import { type ExportedRun, onlyModule } from '../../experiment/export/exported.ts';
import { type ExportedNetwork, labelledTraining } from '../../experiment/export/network-lesson.ts';
import { peftFolder } from '../../experiment/export/peft.ts';
import {
  type ExportedMatrices,
  networkPythonFile,
  pythonFile,
  type SavedFile,
} from '../../experiment/export/python-files.ts';
import { zip } from '../../experiment/export/zip.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { readGoal } from '../../experiment/plan/goal.ts';
import { isActive } from '../../experiment/settings/experiment.ts';
import { yieldTask } from '../../math/slices.ts';
import type { FileKind } from '../../state/events.ts';
import {
  exportedRunOf,
  matricesOf,
  missingFile,
  networkLayersOf,
  samplesOf,
} from '../../state/run-file/exported-run.ts';
import { runTextOf } from '../../state/run-file/run-text.ts';
import { fileNameOf, linkOf, shortLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { lastSweepFile } from '../sweep/sweep.ts';
import { startScript } from '../worker.ts';
import { traceCsv } from './trace-csv.ts';

const KINDS: readonly FileKind[] = ['run', 'csv', 'pytorch', 'notebook', 'peft', 'sweep'];

/** The file that Export saves of the run. Rejects with a sentence if there is nothing to save. */
export async function runFile(kind: FileKind, state: State, version: string): Promise<SavedFile> {
  if (!KINDS.includes(kind)) throw new Error(`file needs one of ${KINDS.join(', ')}.`);
  const name = fileNameOf(state);
  const link = shortLinkOf(state, MAX_SHARED);
  if (kind === 'sweep') return { name: `${name}-sweep.json`, bytes: bytesOf(await sweepText(state, version)) };
  const exported = exportedRunOf(state.run, version, new URL(link, document.baseURI).href);
  const run = exported && { ...exported, exercise: exerciseOf(state.view) };
  if (!run) throw new Error('There is no run yet: the experiment has no matrices.');
  const missing = missingFile(kind, state.run);
  if (missing) throw new Error(missing);
  switch (kind) {
    case 'run': {
      const text = await runTextOf(state.run, version, true, yieldTask);
      return { name: `${name}.json`, bytes: bytesOf(text?.pieces.join('') ?? '') };
    }
    case 'csv':
      return { name: `${name}-trace.csv`, bytes: bytesOf(traceCsv(state.run, link)) };
    case 'peft':
      return { name: `${name}-peft.zip`, bytes: await zip(peftFolder(run)) };
    default: {
      const layers = networkLayersOf(state.run);
      if (layers) return networkPythonFile(kind, run, { layers, data: await networkDataOf(state.run) }, name);
      return pythonFile(kind, run, matricesOf(state.run) ?? (await madeMatrices(state, run)), name);
    }
  }
}

/** What a network is trained on: the page itself holds no training examples, and sequences are drawn. */
async function networkDataOf({ experiment, ready }: State['run']): Promise<ExportedNetwork['data']> {
  if (ready?.network?.kind === 'sequences') return ready.network;
  const { fetchNetworkData } = await import('../../engine/tasks/network/fetch-assets.ts');
  const assets = await fetchNetworkData(experiment, document.baseURI);
  if (!assets) throw new Error('This experiment has no network.');
  return { kind: 'labelled', training: labelledTraining(experiment, assets) };
}

/** The maker's description of an exercise. */
function exerciseOf({ title, task, goal: text }: State['view']): NonNullable<ExportedRun['exercise']> {
  const { goal } = readGoal(text);
  return { title, task, goal: goal ? goalText(goal) : '' };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function sweepText(state: State, version: string): Promise<string> {
  const shown = state.sweep.results.size > 0 ? await import('../sweep/sweep-files.ts') : null;
  const link = linkOf({ ...state, view: { ...state.view, view: 'sweep' } });
  const now = (await shown?.currentSweepFile(state, version, link)) ?? null;
  const begun = now?.cells.some(({ status }) => status !== 'idle');
  const file = begun ? now : lastSweepFile();
  if (!file) throw new Error('There is no sweep to save.');
  return JSON.stringify(file);
}

/** W₀ and ΔW* of a large layer, rebuilt in a dedicated worker, bit for bit. */
async function madeMatrices(state: State, exported: ExportedRun): Promise<ExportedMatrices> {
  const { d, k } = onlyModule(exported);
  const { experiment, rate, ready } = state.run;
  const drawing = isActive('data', experiment) ? (state.drawings.get(experiment.data) ?? null) : null;
  const worker = await startScript(makerUrl, 'maker');
  try {
    const made = await new Promise<MatricesResponse>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<MatricesResponse>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`the matrices could not be made again${event.message ? ` (${event.message})` : ''}`));
      };
      const message: MatricesRequest = { experiment: { ...experiment, data: '', lr: rate }, drawing };
      worker.postMessage(message);
    });
    if ('why' in made) throw new Error(made.why);
    const matrix = (data: Float32Array) => ({ rows: d, cols: k, data });
    return { base: matrix(made.base), target: matrix(made.target), samples: samplesOf(ready) };
  } finally {
    worker.terminate();
  }
}
