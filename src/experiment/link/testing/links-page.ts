import { count } from '../../numbers.ts';
import { MAX_RANK } from '../../settings/bounds.ts';
import { defaults, param } from '../../settings/experiment.ts';
import { HELP } from '../../settings/help.ts';
import type { Kind } from '../../settings/kinds.ts';
import { PARAM_KEYS } from '../../settings/params.ts';
import { VIEW_KEYS, viewParam } from '../../settings/view.ts';
import { MAX_FRAGMENT, MAX_SHARED } from '../link.ts';
import { SETTING_HELP, VIEW_HELP } from './link-help.ts';

const EFFECTS = {
  tune: 'changes the current run',
  restart: 'makes new matrices',
  none: 'changes no number',
} as const;

function row(key: string, p: Kind<unknown>, help: string, change: string): string {
  const e = defaults();
  const special = 'special' in p && p.special === 'null' ? ', or left out' : '';
  const fallback = p.write(p.default(e)) || 'left out';
  const active =
    key === 'auto'
      ? 'if `lr` is given, and for networks'
      : p.active
        ? 'if the target or initialisation uses it'
        : 'always';
  return `| \`${key}\` | ${help} | ${p.allowed(e)}${special} | ${fallback} | ${active} | ${change} |`;
}

const SETTING_ROWS = PARAM_KEYS.map((key) =>
  row(key, param(key), SETTING_HELP[key] ?? HELP[key], EFFECTS[param(key).effect]),
);
const VIEW_ROWS = VIEW_KEYS.map((key) => row(key, viewParam(key), VIEW_HELP[key], 'changes what is shown'));

/** docs/links.md, from the parameter table; a test keeps the file equal to it. */
export function linksPage(): string {
  return `# Share links

An experiment is a link. All of it is in the fragment, after the \`#\`, so no server ever sees it:

\`…/#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&init=gaussian\`

- A key that is left out takes its default. The page itself writes every active key, so a link is a complete record.
- A value out of range keeps that key's default, and the page says which key, what it got and what is allowed.
- A key that is unknown, or that has no effect on the experiment, is named and ignored. If a key is given twice, the first
  counts.
- The same link gives the same W₀, ΔW*, A and B, bit for bit, on every device and back end.
- A fragment of more than ${count(MAX_FRAGMENT)} characters, not counting the \`data\` of a matrix, is not read; the page shares links of up to ${count(MAX_SHARED)} characters.
- Without a fragment the page opens the owl with sunglasses; \`#v=1\` alone opens the default experiment. A link that only says how to look at it, such as \`#lesson=rank\`, needs no \`v\`.

| key | what it is | allowed (for the default experiment) | default | active | effect of a change |
| --- | --- | --- | --- | --- | --- |
| \`v\` | Version of the link. | 1 | 1 | always | |
${[...SETTING_ROWS, ...VIEW_ROWS].join('\n')}

\`freeze=A\` or \`B\` names the factor that does not train: another word for \`train=B\` or \`A\`, as which the page writes it. If both are given, \`train\` counts.
With \`freeze=B\` and an initialisation whose B is 0, such as \`init=kaiming-uniform\`, nothing is learned.

\`rank\` and \`truerank\` go up to the smaller of d and k, and up to ${MAX_RANK} where d·k is above 1024².

\`data\` with \`target=picture\` is a drawing that replaces the picture. With \`target=edit\` it is a painting on the
owl, and replaces \`edit\`: one byte for the kind (23), rows and columns (16 bits each, high byte first, up to 128 × 128), then,
deflated, one byte per cell, row by row: 0 where the owl shows, else 1 + 254·grey, where grey 1 is the darkest. It is laid over the owl whatever d and k are.

\`data\` with \`target=matrix\` is the whole matrix, bit for bit, and decides \`d\` and \`k\`: if a link says otherwise, the page
reports it and resamples nothing. A run file always carries \`data\` in its \`link\`, however long that is, and is refused if the
sizes disagree. The address bar leaves \`data\` out if the link has more than ${count(MAX_FRAGMENT)} characters, since browsers cut or refuse
such addresses: after a reload, you have to open the matrix, or a run file that holds it, again.

A text that begins with \`J\` holds the factors of ΔW of an adapter’s module: one byte for the kind (39), rows, columns and rank (16 bits each, high
byte first), s (64-bit float), the length of the module’s name in bytes (one byte) and the name, then, deflated, the 32-bit floats of B and
of A, row by row, the lowest bytes of all numbers first. The target is s·B·A, and its singular values are those of the factors.

A text that begins with \`L\` (47) also holds factors that a run starts from: after the name come their rank, s, and name in the same way, and after the values
of A those of their B and A. Only with such data \`init\` may be \`file\`: B and A at step 0 are these, to the bit at their rank and s. With another s B makes up
for it, at a higher rank A gets rows from U(−1/√k, 1/√k) and B columns of zeros, at a lower one the leading directions stay.

A text that begins with \`N\` (55) or, with a start, \`P\` (63) also holds W₀: a last head has rank 0, s = 1 and the name of its model, and the last values are those of
W₀, row by row. It takes the place of \`base\`, which then has no effect.

A text that begins with \`T\` (79, with a start), \`V\` (87, with W₀) or \`X\` (95, with both) holds ΔW of two models in the place of B and A: its head has rank 0, s = 1
and the names of its tensor and the fine-tuned model, and its values are those of ΔW, row by row.

A text holds at most 2,500,000 numbers. With more it only names what has to be opened from its own file or files: \`H\` (31) is a matrix, with rows, columns and
8 bytes of a checksum; \`p\`, \`r\`, \`t\`, \`v\`, \`z\`, \`1\` and \`3\` (128 more than \`J\`, \`L\`, \`N\`, \`P\`, \`T\`, \`V\` and \`X\`) are modules, with the same heads and the checksum
in the place of the values.

If \`lr\` is left out, the rate is derived: docs/model.md says how. Each adapted matrix of a network has a rate of its own: \`lr\` of a network is a
comma-separated list, one number a matrix in the order of the network (\`target=transformer\`: block by block), or one number that is the rate of all. A list of
another length is refused like any other value.

\`auto\` of a network is any of \`lr,alpha\`. An automatic α is 2·\`rank\`; the link has its number for this run, and it follows the rank as soon as
a setting changes, in sweeps and pins too. Without \`auto=alpha\` a given \`alpha\` is fixed.

\`pace\` is in steps per second, or \`max\`.

In \`compare\`, \`sweep\` and \`goal\`, a pin, value or part with a fault is left out, and the page says which and why. A value or name in \`compare\` that
holds \`,\` \`;\` \`:\` or \`%\` has it percent-encoded (\`%2C\`), and the link as a whole is encoded as always (\`%252C\`). What a pin does not name follows
the link. A learning rate that is automatic is not written: it follows the pin's own settings; \`auto:lr\` says so beside a link with a fixed rate, \`auto:alpha\` of
the α of a network (both: \`auto:lr%2Calpha\`), and nothing after the colon (\`align:\`) that a setting is left out. The runs of a sweep use the seeds from \`seed\` on: the first seed of every combination row by row, then the next.

\`cost\` is a list of \`key:value\`: \`model\` (gpt2, llama-2-7b, llama-3-8b, vit-b16, sd15-unet, or own with its shapes), the rank of each kind of matrix that is
adapted, \`weights\` and \`adapter\` (f32, bf16), \`base\` (nf4, int8), \`optimiser\` (sgd, momentum, adam, adam8), \`batch\`, \`tokens\`, \`checkpoints\` (0, 1), and
assumptions that were changed. A part with a fault is left out, and the page says which and why.

You can add settings before the fragment by hand: \`?backend=webgpu\`, \`wasm\` or \`cpu\` fixes where steps are computed,
\`?stepper=tfjs\` uses TensorFlow.js there, and \`?backend=webgpu&stepper=direct\` uses the kernels that measure every loss on its
residual. If one is not available, the page says so and uses the best that is.
`;
}
