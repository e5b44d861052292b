interface Item {
  readonly name: string;
  readonly label: string;
  /** Place in lists, from 1; where two agree, the name decides. */
  readonly place: number;
}

export interface Catalogue<T extends Item> {
  readonly all: readonly T[];
  readonly labels: Readonly<Record<T['name'], string>>;
  /** The thing of that name; a name that is none gives the first, so that a half-read link has bounds to go by. */
  readonly byName: (name: string) => T;
}

/** Lists what a folder's index exports. Adding a thing is one file and one line in that index. */
export function catalogue<T extends Item>(exported: Readonly<Record<string, T>>): Catalogue<T> {
  const all = Object.values(exported).sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1));
  const named = new Map(all.map((item) => [item.name, item]));
  const labels = Object.fromEntries(all.map((item) => [item.name, item.label])) as Record<T['name'], string>;
  return { all, labels, byName: (name) => named.get(name) ?? all[0] };
}
