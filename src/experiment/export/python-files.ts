import type { Matrix32 } from '../../math/matrix.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { besideLora, isBesideLora } from '../settings/bounds.ts';
import { type ExportedRun, hasMovedPart, onlyModule, stepsMade } from './exported.ts';
import {
  batchTensor,
  bytesOf,
  type LessonSettings,
  lessonOf,
  MATRICES_FILE,
  pythonData,
  type Section,
} from './lesson.ts';
import { type ExportedNetwork, networkLesson, networkTensors } from './network-lesson.ts';
import { type Tensor, writeSafetensors } from './safetensors.ts';
import { MAX_EMBEDDED_BYTES } from './sizes.ts';
import { INPUTS_ARGUMENT, torchInit } from './torch-inits.ts';
import { methodLesson, methodTensors } from './torch-method.ts';
import { type ZipEntry, zip } from './zip.ts';

interface NotebookCell {
  readonly kind: 'markdown' | 'code';
  readonly text: string;
  readonly folded?: true;
}

/** The lesson as a Jupyter notebook (nbformat 4.5); with a plot if matplotlib is installed. */
function notebookOf(run: ExportedRun, sections: readonly Section[], data: string | null): string {
  const cells: NotebookCell[] = [{ kind: 'markdown', text: opening(run, data) }];
  sections.forEach(({ title, prose, code }, i) => {
    cells.push({ kind: 'markdown', text: `## ${i + 1}. ${title}\n\n${prose.map(escaped).join('\n')}` });
    cells.push({ kind: 'code', text: code });
    if (i === 0 && data !== null) {
      cells.push({ kind: 'markdown', text: 'The matrices: float32, little endian, deflated, in base64.' });
      cells.push({ kind: 'code', text: data, folded: true });
    }
    for (const text of LOOKS[title]?.(run) ?? []) cells.push({ kind: 'code', text });
  });
  const notebook = {
    cells: cells.map(({ kind, text, folded }, i) => ({
      cell_type: kind,
      id: `cell-${i + 1}`,
      metadata: folded ? { jupyter: { source_hidden: true } } : {},
      source: linesOf(text),
      ...(kind === 'code' && { execution_count: null, outputs: [] }),
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function opening(run: ExportedRun, data: string | null): string {
  const where = data === null ? `The matrices are in \`${MATRICES_FILE}\`, which must lie in the same folder. ` : '';
  const { title = '', task = '', goal = '' } = run.exercise ?? {};
  const said = [task, goal && `Goal: ${goal}`].filter((text) => text !== '').map((text) => `${literal(text)}\n\n`);
  return `# ${title === '' ? 'LoRA, step by step' : literal(title)}

${said.join('')}An experiment of [LoRA Explorer](${run.link}) in PyTorch. It needs torch and nothing else; with matplotlib it also draws the curve.
${where}It starts from the same matrices as the page, bit for bit, makes the same updates and prints the same losses up to rounding.

Run the cells from top to bottom.`;
}

const LOOKS: Readonly<Record<string, (run: ExportedRun) => readonly string[]>> = {
  'The layer': (run) => [
    isBesideLora(run.experiment)
      ? 'print(f"# {sum(p.numel() for p in Adapted().parameters()):,} numbers train, W has {D * K:,}")'
      : 'A, B = tensor("A"), tensor("B")\nprint(f"# {A.numel() + B.numel():,} numbers train, W has {D * K:,}")\nprint("# s =", scaling(SETTINGS, R))',
  ],
  'What it learns': (run) => [
    `layer, loss_at = start()\nprint("# loss before training:", loss_at(0).item())${
      hasMovedPart(run)
        ? '\nprint("# largest change of W by the initialisation:", (layer.W - tensor("W0")).abs().max().item())'
        : ''
    }`,
  ],
  Training: () => ['layer, losses = train()', PLOT],
  'On a larger model': ({ experiment }) => {
    if (isBesideLora(experiment)) return ['print("# {:,} of {:,} numbers".format(*trainable(layer)))'];
    const { init } = experiment;
    const { given } = torchInit(init);
    // A substitute: the inputs and gradients of a real model come from its data.
    const drawn = given && `torch.randn(${given === INPUTS_ARGUMENT ? '48, 200' : '96, 48'})`;
    return [
      `# A small example: two layers, the first of which is adapted.
model = nn.Sequential()
model.add_module("up", nn.Linear(48, 96))
model.add_module("down", nn.Linear(96, 24))
adapt(model, ["up"], r=4${drawn ? `, given=lambda name: ${drawn}` : ''})
print("# {:,} of {:,} numbers train".format(*trainable(model)))`,
    ];
  },
};

const PLOT = `try:
    import matplotlib.pyplot as plt

    plt.semilogy(losses)
    plt.semilogy(list(PAGE), list(PAGE.values()), "o", fillstyle="none", label="on the page")
    plt.xlabel("step")
    plt.ylabel("loss")
    plt.legend()
    plt.show()
except ImportError:
    print("# matplotlib would draw the curve")`;

const escaped = (text: string) => text.replace(/[*_[\]]/g, (sign) => `\\${sign}`);

/** The user's text, without any meaning in Markdown. */
const literal = (text: string) => text.replace(/[\\`*_[\]<>#$|~]/g, (sign) => `\\${sign}`);

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.map((line, i) => (i < lines.length - 1 ? `${line}\n` : line));
}

/** W₀ and the learned target: ΔW*, or samples (X is k × n, Y d × n; a column is a sample). */
export interface ExportedMatrices {
  readonly base: Matrix32;
  readonly target: Matrix32;
  readonly samples: { readonly X: Matrix32; readonly Y: Matrix32 } | null;
}

export interface SavedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type PythonKind = 'pytorch' | 'notebook';

const ENDINGS: Readonly<Record<PythonKind, string>> = { pytorch: 'py', notebook: 'ipynb' };

/**
 * The experiment for PyTorch, as a script or notebook that needs torch alone, with the same matrices and updates. Large
 * matrices go into a separate file, and both into one archive.
 */
export async function pythonFile(
  kind: PythonKind,
  run: ExportedRun,
  matrices: ExportedMatrices,
  name: string,
): Promise<SavedFile> {
  // A run that has not begun gets its whole budget.
  const steps = stepsMade(run) || run.experiment.steps;
  const tensors = tensorsOf(run, matrices, steps);
  const count = matrices.samples?.X.cols ?? 0;
  const { batch: most, order } = run.experiment;
  const batch = count === 0 ? null : { size: Math.min(most, count), of: count, order };
  const beside = besideLora(run.experiment);
  const lesson = (settings: LessonSettings) => (beside ? methodLesson(run, beside, settings) : lessonOf(run, settings));
  return fileWith(kind, run, tensors, name, (settings) => lesson({ ...settings, steps, batch }));
}

/** As pythonFile, of a network. */
export async function networkPythonFile(
  kind: PythonKind,
  run: ExportedRun,
  network: ExportedNetwork,
  name: string,
): Promise<SavedFile> {
  const steps = stepsMade(run) || run.experiment.steps;
  return fileWith(kind, run, networkTensors(run, network, steps), name, (settings) =>
    networkLesson(run, network, { ...settings, steps, batch: null }),
  );
}

async function fileWith(
  kind: PythonKind,
  run: ExportedRun,
  tensors: readonly Tensor[],
  name: string,
  lesson: (settings: Pick<LessonSettings, 'hasMatricesFile' | 'folder'>) => readonly Section[],
): Promise<SavedFile> {
  const beside = bytesOf(tensors) > MAX_EMBEDDED_BYTES;
  const folder = kind === 'pytorch' ? 'pathlib.Path(__file__).parent' : 'pathlib.Path()';
  const sections = lesson({ hasMatricesFile: beside, folder });
  const data = beside ? null : await pythonData(tensors);
  const text = kind === 'pytorch' ? scriptOf(run, sections, data) : notebookOf(run, sections, data);
  const file = `${name}.${ENDINGS[kind]}`;
  if (!beside) return { name: file, bytes: new TextEncoder().encode(text) };
  const entries: ZipEntry[] = [
    { name: file, content: text },
    { name: MATRICES_FILE, content: writeSafetensors(tensors) },
  ];
  return { name: `${name}-${kind}.zip`, bytes: await zip(entries) };
}

function tensorsOf(run: ExportedRun, { base, target, samples }: ExportedMatrices, steps: number): Tensor[] {
  const [{ initial, method }] = run.modules;
  const of = (name: string, { rows, cols, data }: Matrix32): Tensor => ({ name, shape: [rows, cols], data });
  if (method) return [of('W0', base), of('target', target), ...methodTensors(onlyModule(run))];
  const factors = [of('W0', base), of('A', initial.A), of('B', initial.B)];
  if (!samples) return [...factors, of('target', target)];
  const { X, Y } = samples;
  const batches = batchesOfLink(run.experiment, X.cols);
  if (batches.size >= X.cols) return [...factors, of('X', X), of('Y', Y)];
  return [...factors, of('X', X), of('Y', Y), batchTensor(batches, steps)];
}

const WIDTH = 118;

/** One file: the lesson, then its data, then the calls. */
function scriptOf(run: ExportedRun, sections: readonly Section[], data: string | null): string {
  const head = [
    '"""LoRA, step by step: an experiment of LoRA Explorer as a PyTorch script. It needs torch and nothing else.',
    '',
    ...exerciseLines(run),
    'It starts from the same matrices as the page, bit for bit, makes the same updates and prints the same losses up to rounding.',
    ...(data === null
      ? [`The matrices are in ${MATRICES_FILE}, which must lie beside this file.`]
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

/** Imports come first in a file. */
function divided(code: string): { readonly imports: string; readonly rest: string } {
  const lines = code.split('\n');
  const end = lines.findLastIndex((line) => /^(import|from) /.test(line)) + 1;
  const imports = lines.slice(0, end);
  return { imports: end > 0 ? `${imports.join('\n')}\n\n` : '', rest: lines.slice(end).join('\n').trimStart() };
}
