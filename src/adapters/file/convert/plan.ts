import { safeName, twice } from '../faults.ts';
import type { Adapter, ConvertPlan, ConvertTo, Fault, Module, Part, TensorEntry } from '../model.ts';
import { NAMINGS, readName } from '../namings.ts';
import { type NewName, namingFor, newName, tensorName } from './names.ts';

/** A tensor of the new file: copied under its new name, or a new α. */
export interface ConvertedTensor {
  readonly module: Module;
  readonly name: NewName;
  readonly part: Part;
  readonly from: TensorEntry | null;
  readonly after: string;
}

export interface Conversion {
  readonly to: ConvertTo;
  readonly names: readonly NewName[];
  readonly tensors: readonly ConvertedTensor[];
  readonly dropped: readonly TensorEntry[];
  /** Whole tensors, whose names stay. */
  readonly through: readonly TensorEntry[];
}

/** Names before and after, or a Fault if this file cannot have them. */
export function convertPlan(adapter: Adapter, to: ConvertTo): ConvertPlan | Fault {
  const conversion = conversionOf(adapter, to);
  if ('fault' in conversion) return conversion;
  const { tensors, dropped, through } = conversion;
  const changed = tensors.map(({ from, after }) => [from?.name ?? null, after] as const);
  return {
    to,
    renamed: [
      ...changed,
      ...dropped.map(({ name }) => [name, null] as const),
      ...through.map(({ name }) => [name, name] as const),
    ],
    rule: ruleOf(adapter, conversion),
    added: tensors.filter(({ from }) => from === null).length,
    dropped: dropped.length,
  };
}

/** Names tensor by tensor; a Fault if one has no place in the new naming. */
export function conversionOf(adapter: Adapter, to: ConvertTo): Conversion | Fault {
  if (adapter.naming === to) return already(to);
  const unknown = adapter.modules.find(({ scaling }) => scaling === null);
  if (unknown) {
    return {
      fault: 'α is not known.',
      details: `${NAMINGS[to]} keeps α beside the factors, and ${safeName(unknown.name)} has none. Say what α is first.`,
    };
  }
  const naming = namingFor(adapter, to);
  const names: NewName[] = [];
  const tensors: ConvertedTensor[] = [];
  const dropped: TensorEntry[] = [];
  for (const module of adapter.modules) {
    const why = unfit(module, to);
    const name = why ?? newName(module, naming);
    if (typeof name === 'string') return impossible(to, name);
    names.push(name);
    for (const [part, from] of Object.entries(module.tensors) as [Part, TensorEntry][]) {
      if (part === 'alpha' && to !== 'kohya') {
        dropped.push(from);
        continue;
      }
      const after = tensorName(name, part, to);
      if (after === null)
        return impossible(to, `${NAMINGS[to]} has no name for ${safeName(from.name)} of ${safeName(module.name)}.`);
      tensors.push({ module, name, part, from, after });
    }
    if (to === 'kohya' && !module.tensors.alpha) {
      tensors.push({ module, name, part: 'alpha', from: null, after: `${name.prefix}.alpha` });
    }
  }
  if (dropped.length === 0 && tensors.every(({ from, after }) => from?.name === after)) return already(to);
  const lost = unread(tensors);
  if (lost !== undefined)
    return impossible(to, `${safeName(lost.after)} would not be read as a part of its module again.`);
  const through = [...adapter.others, ...adapter.unpaired.map(([tensor]) => tensor)];
  const taken = twice([...tensors.map((of) => of.after), ...through.map((of) => of.name)]);
  if (taken !== null) return impossible(to, `Two tensors would be called ${safeName(taken)}.`);
  return { to, names, tensors, dropped, through };
}

const impossible = (to: ConvertTo, details: string): Fault => ({
  fault: `Not possible in names of ${NAMINGS[to]}.`,
  details,
});

const already = (to: ConvertTo): Fault => ({
  fault: `The names are those of ${NAMINGS[to]} already.`,
  details: 'Choose another naming.',
});

/** A tensor whose new name reads as another part or module. */
function unread(tensors: readonly ConvertedTensor[]): ConvertedTensor | undefined {
  const called = new Map<Module, string>();
  const owners = new Map<string, Module>();
  return tensors.find(({ module, part, after }) => {
    const reading = readName(after);
    if (reading?.part !== part) return true;
    const name = called.get(module) ?? reading.module;
    const owner = owners.get(name) ?? module;
    called.set(module, name);
    owners.set(name, owner);
    return name !== reading.module || owner !== module;
  });
}

/** The sentence why a module has no place in a naming; null if it has one. */
function unfit(module: Module, to: ConvertTo): string | null {
  const name = safeName(module.name);
  if (module.kind !== 'lora') {
    if (to === 'kohya') return `${name} is no pair B·A; its names are those of LyCORIS already.`;
    return `${name} is no pair B·A, and ${NAMINGS[to]} has no names for its tensors.`;
  }
  if (to === 'kohya') return null;
  if (module.tensors.mid) return `${name} has a third factor between A and B, for which ${NAMINGS[to]} has no name.`;
  if (module.magnitude === 'per input') {
    return `${name} has DoRA magnitudes per input; ${NAMINGS[to]} has them per output.`;
  }
  return null;
}

function ruleOf(adapter: Adapter, { to, names }: Conversion): string {
  const networks = new Set(names.map(({ network }) => network));
  const tables = [...new Set(names.flatMap(({ table }) => table ?? []))];
  const turned =
    adapter.naming === 'mlx' ? ' The factors of MLX lie transposed: their numbers are put in the usual order.' : '';
  if (to === 'kohya') {
    const first = names.some(({ prefix }) => /_(?:input|output)_blocks_/.test(prefix));
    const blocks = first ? '; blocks of Stable Diffusion XL are counted as in its first code' : '';
    const ofWan = names.some(
      ({ prefix }, i) => /_(?:self|cross)_attn_/.test(prefix) && /_attn[12]_/.test(adapter.modules[i].canonical),
    );
    const words = ofWan ? '; layers of Wan are called as in its first code' : '';
    return `Underscores stand for dots, after lora_unet_, lora_te_ or another name of the network${blocks}${words}.${turned}`;
  }
  const dots =
    tables.length > 0 ? `Underscores become dots by a table for ${tables.join(' and ')}.` : 'Names of layers stay.';
  const apart =
    to === 'peft' && networks.size > 1
      ? ' PEFT loads one network per file; here each name begins with its network.'
      : '';
  return `${dots}${apart}${turned}`;
}
