import { count } from '../../numbers.ts';
import { LARGEST_RANK } from '../../settings/bounds.ts';
import { defaults, param } from '../../settings/experiment.ts';
import type { Kind } from '../../settings/kinds.ts';
import { PARAM_KEYS } from '../../settings/params.ts';
import { VIEW_KEYS, viewParam } from '../../settings/view.ts';
import { LONGEST_READ, LONGEST_SHARED } from '../link.ts';

const EFFECTS = {
  tune: 'acts on a run that goes on',
  restart: 'makes new matrices',
} as const;

function row(p: Kind<unknown>, change: string): string {
  const e = defaults();
  const special = 'special' in p && p.special === 'null' ? ', or left out' : '';
  const fallback = p.write(p.default(e)) || 'left out';
  const active = p.active ? 'where the target or start asks for it' : 'always';
  return `| \`${p.key}\` | ${p.help} | ${p.allowed(e)}${special} | ${fallback} | ${active} | ${change} |`;
}

const SETTING_ROWS = PARAM_KEYS.map((key) => row(param(key), EFFECTS[param(key).effect]));
const VIEW_ROWS = VIEW_KEYS.map((key) => row(viewParam(key), 'changes what is shown'));

/** docs/links.md, from the parameter table; a test keeps the file equal to it. */
export function linksPage(): string {
  return `# Share links

An experiment is a link. Everything stands in the fragment, after the \`#\`, so no server ever sees it:

\`…/#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&init=gaussian\`

- Keys may be left out: they take their default. The page itself writes every active key, so that a link is a record.
- A value out of range keeps that key's default, and the page says which key, what it got and what is allowed.
- A key that the page does not know, or that has no effect on the experiment, is named and ignored. A key given twice: the
  first counts.
- The same link gives the same W₀, ΔW*, A and B, bit for bit, on every device and back end.
- A fragment of over ${count(LONGEST_READ)} characters, \`data\` of a matrix not counted, is not read; sharing offers links of up to ${count(LONGEST_SHARED)} characters.
- No fragment opens the owl with sunglasses; \`#v=1\` alone is every default.

| key | what it is | allowed (for the default experiment) | default | active | a change |
| --- | --- | --- | --- | --- | --- |
| \`v\` | Version of the link. | 1 | 1 | always | |
${[...SETTING_ROWS, ...VIEW_ROWS].join('\n')}

\`rank\` and \`truerank\` go up to the smaller of d and k, and up to ${LARGEST_RANK} where d·k is above 1024².

\`data\` with \`target=picture\` is a drawing that stands in the place of the picture. With \`target=edit\` it is a painting on the
owl, and stands in the place of \`edit\`: a byte of kind (23), rows and columns (16 bits each, high byte first, up to 128 × 128), then
deflated, row by row, a byte a cell: 0 where the owl shows, else 1 + 254·grey, where grey 1 is the darkest. It is laid over the owl whatever d and k are.

\`data\` with \`target=matrix\` is the whole matrix, bit for bit, and decides \`d\` and \`k\`: a link that says otherwise is told of
it, and nothing is resampled. A run file always carries it in its \`link\`, however long that is, and is refused where the sizes
disagree. The address bar leaves \`data\` out where the link has over ${count(LONGEST_READ)} characters, since browsers cut or refuse such
addresses: after a reload the matrix, or a run file of it, has to be opened again.

\`lr\` left out means derived: docs/model.md says how. \`pace\` is in steps a second, or \`max\`.

Before the fragment, by hand: \`?backend=webgpu\`, \`wasm\` or \`cpu\` fixes where steps are computed, \`?stepper=tfjs\` forces
TensorFlow.js there, and \`?backend=webgpu&stepper=direct\` the form of the kernels that measures every loss on its residual. Where it cannot be had, the page says so and uses the best that can.
`;
}
