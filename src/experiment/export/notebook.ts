import { type ExportedRun, moves } from './exported.ts';
import type { Section } from './lesson.ts';
import { BESIDE } from './python-data.ts';
import { INPUTS, torchInit } from './torch-inits.ts';

interface Cell {
  readonly kind: 'markdown' | 'code';
  readonly text: string;
  /** Folded away where the program can. */
  readonly folded?: true;
}

/** The lesson as a Jupyter notebook (nbformat 4.5) that runs from top to bottom; a plot where matplotlib is there. */
export function notebookOf(run: ExportedRun, sections: readonly Section[], data: string | null): string {
  const cells: Cell[] = [{ kind: 'markdown', text: opening(run, data) }];
  sections.forEach(({ title, prose, code }, i) => {
    cells.push({ kind: 'markdown', text: `## ${i + 1}. ${title}\n\n${prose.map(escaped).join('\n')}` });
    cells.push({ kind: 'code', text: code });
    if (i === 0 && data !== null) {
      cells.push({ kind: 'markdown', text: 'The matrices: float32, little endian, deflated, in base64.' });
      cells.push({ kind: 'code', text: data, folded: true });
    }
    for (const text of SHOWN[title]?.(run) ?? []) cells.push({ kind: 'code', text });
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
  const where = data === null ? `The matrices are in \`${BESIDE}\`, which must lie in the same folder. ` : '';
  const { title = '', task = '', goal = '' } = run.exercise ?? {};
  const said = [task, goal && `Goal: ${goal}`].filter((text) => text !== '').map((text) => `${literal(text)}\n\n`);
  return `# ${title === '' ? 'LoRA, step by step' : literal(title)}

${said.join('')}An experiment of [LoRA Explorer](${run.link}) in PyTorch. It needs torch and nothing else; with matplotlib it also draws the curve.
${where}It starts from the same matrices as the page, bit for bit, makes the same updates and prints the same losses up to rounding.

Run the cells from top to bottom.`;
}

/** What is looked at after a part of the lesson. */
const SHOWN: Readonly<Record<string, (run: ExportedRun) => readonly string[]>> = {
  'The layer': () => [
    'A, B = tensor("A"), tensor("B")\nprint(f"# {A.numel() + B.numel():,} numbers train, W has {D * K:,}")\nprint("# s =", scaling(SETTINGS, R))',
  ],
  'What it learns': (run) => [
    `layer, loss_at = start()\nprint("# loss before training:", loss_at(0).item())${
      moves(run)
        ? '\nprint("# largest change of W by the initialisation:", (layer.W - tensor("W0")).abs().max().item())'
        : ''
    }`,
  ],
  Training: () => ['layer, losses = train()', PLOT],
  'On a larger model': ({ experiment: { init } }) => {
    const { given } = torchInit(init);
    // What stands in for it: the inputs and gradients of a real model come from its data.
    const drawn = given && `torch.randn(${given === INPUTS ? '48, 200' : '96, 48'})`;
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

/** Signs that Markdown would take for its own. */
const escaped = (text: string) => text.replace(/[*_[\]]/g, (sign) => `\\${sign}`);

/** What a person wrote, without any meaning in Markdown. */
const literal = (text: string) => text.replace(/[\\`*_[\]<>#$|~]/g, (sign) => `\\${sign}`);

/** Lines with their ends, as notebooks keep them. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.map((line, i) => (i < lines.length - 1 ? `${line}\n` : line));
}
