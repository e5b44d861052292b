import type { Matrix32 } from '../../math/matrix.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { type ExportedRun, stepsMade } from './exported.ts';
import { lessonOf, type Section } from './lesson.ts';
import { EMBEDDED } from './limits.ts';
import { notebookOf } from './notebook.ts';
import { BESIDE, bytesOf, pythonData } from './python-data.ts';
import { type Tensor, writeSafetensors } from './safetensors.ts';
import { type Entry, zip } from './zip.ts';

/** W₀ and what the layer learns: ΔW*, or samples (X is k × n, Y d × n; a column is a sample). */
export interface ExportedMatrices {
  readonly base: Matrix32;
  readonly target: Matrix32;
  readonly samples: { readonly X: Matrix32; readonly Y: Matrix32 } | null;
}

/** A file to be saved. */
export interface SavedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type PythonKind = 'pytorch' | 'notebook';

const ENDINGS: Readonly<Record<PythonKind, string>> = { pytorch: 'py', notebook: 'ipynb' };

/**
 * The experiment for PyTorch, as a script or a notebook that needs torch alone: it starts from the same matrices and makes
 * the same updates. Large matrices lie in a file beside it, and both come as one archive.
 */
export async function pythonFile(
  kind: PythonKind,
  run: ExportedRun,
  matrices: ExportedMatrices,
  name: string,
): Promise<SavedFile> {
  // A run that has not begun is made as long as it is to be.
  const steps = stepsMade(run) || run.experiment.steps;
  const tensors = tensorsOf(run, matrices, steps);
  const beside = bytesOf(tensors) > EMBEDDED;
  const folder = kind === 'pytorch' ? 'pathlib.Path(__file__).parent' : 'pathlib.Path()';
  const count = matrices.samples?.X.cols ?? 0;
  const batch = count === 0 ? null : { size: Math.min(run.experiment.batch, count), of: count };
  const sections = lessonOf(run, { steps, beside, folder, batch });
  const data = beside ? null : await pythonData(tensors);
  const text = kind === 'pytorch' ? scriptOf(run, sections, data) : notebookOf(run, sections, data);
  const file = `${name}.${ENDINGS[kind]}`;
  if (!beside) return { name: file, bytes: new TextEncoder().encode(text) };
  const entries: Entry[] = [
    { name: file, content: text },
    { name: BESIDE, content: writeSafetensors(tensors) },
  ];
  return { name: `${name}-${kind}.zip`, bytes: await zip(entries) };
}

function tensorsOf(run: ExportedRun, { base, target, samples }: ExportedMatrices, steps: number): Tensor[] {
  const [{ initial }] = run.modules;
  const of = (name: string, { rows, cols, data }: Matrix32): Tensor => ({ name, shape: [rows, cols], data });
  const factors = [of('W0', base), of('A', initial.A), of('B', initial.B)];
  if (!samples) return [...factors, of('target', target)];
  const { X, Y } = samples;
  const { size, at } = batchesOfLink(run.experiment, X.cols);
  if (size >= X.cols) return [...factors, of('X', X), of('Y', Y)];
  const data = new Int32Array((steps + 1) * size);
  for (let t = 0; t <= steps; t++) data.set(at(t), t * size);
  return [...factors, of('X', X), of('Y', Y), { name: 'batches', shape: [steps + 1, size], data }];
}

const WIDTH = 118;

/** One file: the lesson, then its data, then what runs it. */
function scriptOf(run: ExportedRun, sections: readonly Section[], data: string | null): string {
  const head = [
    '"""LoRA, step by step: an experiment of LoRA Explorer as a PyTorch script. It needs torch and nothing else.',
    '',
    ...exerciseLines(run),
    'It starts from the same matrices as the page, bit for bit, makes the same updates and prints the same losses up to rounding.',
    ...(data === null
      ? [`The matrices are in ${BESIDE}, which must lie beside this file.`]
      : ['The matrices are at the end of this file.']),
    '',
    `The run on the page: ${run.link}`,
    `Written by LoRA Explorer ${run.app}.`,
    '"""',
    '',
  ];
  const parts = sections.map(({ title, prose, code }, i) => {
    const rule = `# ${i + 1}  ${title} `.padEnd(WIDTH, '-');
    const { imports, rest } = divided(code);
    return { imports, text: [rule, '#', ...prose.map((line) => `# ${line}`), '', '', rest].join('\n') };
  });
  const imports = parts.map((part) => part.imports).join('');
  const end = ['if __name__ == "__main__":', '    train()', ''];
  const matrices =
    data === null
      ? []
      : [`${'# The matrices, float32, little endian, deflated '.padEnd(WIDTH, '-')}`, '', data, '', ''];
  return [...head, imports, ...parts.map((part) => `${part.text}\n\n`), ...matrices, ...end].join('\n');
}

/** Title, task and goal of an exercise, as text of a Python string. */
function exerciseLines({ exercise }: ExportedRun): readonly string[] {
  if (!exercise) return [];
  const { title, task, goal } = exercise;
  const lines = [...(title ? [`Exercise: ${title}`] : []), ...(task ? [task] : []), ...(goal ? [`Goal: ${goal}`] : [])];
  const quoted = lines.map((line) => line.replace(/["\\]/g, '\\$&'));
  return quoted.length > 0 ? [...quoted, ''] : [];
}

/** Imports stand at the top of a file. */
function divided(code: string): { readonly imports: string; readonly rest: string } {
  const lines = code.split('\n');
  const end = lines.findLastIndex((line) => /^(import|from) /.test(line)) + 1;
  const imports = lines.slice(0, end);
  return { imports: end > 0 ? `${imports.join('\n')}\n\n` : '', rest: lines.slice(end).join('\n').trimStart() };
}
