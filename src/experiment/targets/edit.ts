import { editedOwl, shadeOf } from './edits/edited.ts';
import { edits } from './edits/edits.ts';
import { target } from './target.ts';

/** W₀ is an owl, and the update an edit of it: what fine-tuning means, to be seen. */
export const edit = target({
  name: 'edit',
  kind: 'matrix',
  from: 'settings',
  takes: 'painting',
  label: 'edit',
  explanation: 'W₀ is a picture of an owl, and the update an edit of it: sunglasses, a hat, confetti, or your own.',
  caption: () => 'an edit of the owl',
  params: ['edit', 'data'],
  // The left half of the owl mirrors the right one.
  ownBase: { rank: (d, k) => Math.min(d, Math.ceil(k / 2)) },
  minSize: 2,
  build({ settings: { d, k, edit: name }, drawing, progress }) {
    const shade = drawing === null ? edits.byName(name).shade : shadeOf(drawing);
    const made = editedOwl(shade, d, k, progress);
    return 'why' in made ? made : { matrix: made.update, base: made.base };
  },
});
