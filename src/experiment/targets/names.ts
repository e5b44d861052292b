import { catalogue } from '../settings/catalogue.ts';

// Apart from pictures.ts and edit.ts, which paint: a page has these names before it needs a brush.

const picture = <const Name extends string>(name: Name, label: string) => ({ name, label });

export const pictureNames = catalogue([
  picture('landscape', 'Landscape'),
  picture('owl', 'Owl'),
  picture('lighthouse', 'Lighthouse'),
]);
export type PictureName = (typeof pictureNames.all)[number]['name'];

export interface EditWords<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** Caption of the edited owl, and at rank 1 if that differs. */
  readonly worn: string;
  readonly atRank1?: string;
}

function edit<const Name extends string>(it: EditWords<Name>): EditWords<Name> {
  return it;
}

export const editWords = catalogue([
  edit({
    name: 'sunglasses',
    label: 'sunglasses',
    worn: 'with sunglasses',
    atRank1: 'behind a dark bar through which its eyes shine',
  }),
  edit({ name: 'hat', label: 'hat', worn: 'with a hat' }),
  edit({ name: 'confetti', label: 'confetti', worn: 'under confetti' }),
]);
export type EditName = (typeof editWords.all)[number]['name'];
