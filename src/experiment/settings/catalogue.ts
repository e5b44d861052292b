interface Item {
  readonly name: string;
  readonly label: string;
}

interface Catalogue<T extends Item> {
  readonly all: readonly T[];
  readonly labels: Readonly<Record<T['name'], string>>;
  readonly byName: (name: string) => T;
}

export function catalogue<T extends Item>(all: readonly T[]): Catalogue<T> {
  const named = new Map(all.map((item) => [item.name, item]));
  const labels = Object.fromEntries(all.map((item) => [item.name, item.label])) as Record<T['name'], string>;
  return { all, labels, byName: (name) => named.get(name) ?? all[0] };
}
