import { withExperts } from './experts/experts.ts';
import { safeName, visibleText } from './faults.ts';
import type {
  Adapter,
  AdapterConfig,
  AlphaAnswer,
  ByteSource,
  Fault,
  Module,
  ModuleKind,
  Naming,
  Part,
  TensorEntry,
} from './model.ts';
import { canonicalName, namePattern, readName } from './namings.ts';
import { otherKind } from './other-kinds.ts';
import { comparePlaces, modulePlaces } from './places.ts';
import { readHeader } from './safetensors/header.ts';
import { countOf, fromBytes, isFloatType } from './safetensors/numbers.ts';
import { ADALORA, alphaSource, lastAlphas, ownAlpha, readConfig, scalingOf, scalingSources } from './scaling.ts';
import { type ModuleShape, shapeOf } from './shapes.ts';
import { countsOf } from './warnings/check.ts';

/** Two tensors that make up a module, in a file whose names no tool here writes. */
interface EndPair {
  readonly name: string;
  readonly down: TensorEntry;
  readonly up: TensorEntry;
  /** A is [k, r] and B [r, d]. */
  readonly transposed: boolean;
}

/** Words for A and B, in names with any signs between words: "unet:0:down", "w_a_000", "blocks.3.lora_A". */
const HALVES: readonly (readonly [down: RegExp, up: RegExp])[] = [
  [/(^|[^a-z0-9])(lora_?)?down(?![a-z])/gi, /(^|[^a-z0-9])(lora_?)?up(?![a-z])/gi],
  [/(^|[^a-z0-9])(lora_?)?a(?![a-z])/gi, /(^|[^a-z0-9])(lora_?)?b(?![a-z])/gi],
];

/** The name around the last match, and what the match leaves of the module's name; null without one. */
function around(name: string, word: RegExp): readonly [key: string, module: string] | null {
  const last = [...name.matchAll(word)].at(-1);
  if (!last) return null;
  const [before, after] = [name.slice(0, last.index), name.slice(last.index + last[0].length)];
  const module = (before + after.replace(/\.weight$/, '')).replace(/^[^A-Za-z0-9]+/, '');
  return [`${before}\0${last[1] ?? ''}${after}`, visibleText(module)];
}

const numbers = ({ shape }: TensorEntry) => shape.reduce((of, n) => of * n, 1);
const isMatrix = ({ shape }: TensorEntry) => shape.length >= 2 && shape.every((n) => n > 0);

/**
 * Pairs by the ends of their names and by shapes [r, k] and [d, r], with r at most half of both sides. null unless every
 * matrix of the file is in one pair: a whole model has matrices that are in none.
 */
function pairsByEnds(tensors: readonly TensorEntry[]): readonly EndPair[] | null {
  const matrices = tensors.filter(isMatrix);
  if (matrices.length === 0 || tensors.some((of) => !isMatrix(of) && numbers(of) > 1)) return null;
  for (const [downs, ups] of HALVES) {
    const halves = new Map<string, { down?: TensorEntry; up?: TensorEntry; readonly name: string }>();
    const fits = matrices.every((tensor) => {
      const [down, up] = [around(tensor.name, downs), around(tensor.name, ups)];
      const found = down ?? up;
      if (!found || (down && up)) return false;
      const half = halves.get(found[0]) ?? { name: found[1] };
      if (half[down ? 'down' : 'up']) return false;
      halves.set(found[0], { ...half, [down ? 'down' : 'up']: tensor });
      return true;
    });
    const pairs = [...halves.values()].map(({ name, down, up }) => (down && up ? pairOf(name, down, up) : null));
    const found = pairs.filter((pair) => pair !== null);
    if (fits && found.length === pairs.length) return found;
  }
  return null;
}

function pairOf(name: string, down: TensorEntry, up: TensorEntry): EndPair | null {
  const isLow = (r: number, d: number, k: number) => 2 * r <= Math.min(d, k);
  const wide = numbers(down) / down.shape[0];
  if (
    down.shape[0] === up.shape[1] &&
    numbers(up) === up.shape[0] * up.shape[1] &&
    isLow(down.shape[0], up.shape[0], wide)
  )
    return { name, down, up, transposed: false };
  const flat = down.shape.length === 2 && up.shape.length === 2;
  if (flat && down.shape[1] === up.shape[0] && isLow(up.shape[0], up.shape[1], down.shape[0]))
    return { name, down, up, transposed: true };
  return null;
}

/** Bytes between two scalars that are read along rather than skipped, and bytes of a piece at most. */
const GAP = 65_536;
const PIECE = 4_194_304;
/** Pieces that are on their way at a time: one by one, or gathered. */
const AT_ONCE = 8;
const GATHERED = 512;

/** Reads tensors of one number each, hundreds of them and often close together, in few pieces. */
async function readScalars(
  source: ByteSource,
  scalars: readonly TensorEntry[],
): Promise<ReadonlyMap<TensorEntry, number>> {
  const sorted = scalars.toSorted((a, b) => a.from - b.from);
  const pieces = joined(
    sorted,
    (piece, { from, to }) => from - piece[piece.length - 1].to <= GAP && to - piece[0].from <= PIECE,
  );
  const most = source.gather ? GATHERED : AT_ONCE;
  const groups = joined(pieces, (group) => group.length < most && sum(group.map(lengthOf)) <= (AT_ONCE - 1) * PIECE);
  const values = new Map<TensorEntry, number>();
  for (const group of groups) {
    const ranges = group.map(rangeOf);
    const gathered = await source.gather?.(ranges);
    let next = 0;
    await Promise.all(
      group.map(async (piece, i) => {
        const { from, to } = ranges[i];
        const at = next;
        next += to - from;
        const bytes = gathered?.subarray(at, next) ?? (await source.read(from, to));
        for (const scalar of piece)
          values.set(scalar, fromBytes(bytes.slice(scalar.from - from, scalar.to - from), scalar.dtype)[0]);
      }),
    );
  }
  return values;
}

const rangeOf = (piece: readonly TensorEntry[]) => ({ from: piece[0].from, to: piece[piece.length - 1].to });
const lengthOf = (piece: readonly TensorEntry[]) => rangeOf(piece).to - rangeOf(piece).from;
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Neighbours in groups: an item joins the last group if it fits there. */
function joined<T>(items: readonly T[], fits: (group: readonly T[], item: T) => boolean): T[][] {
  const groups: T[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last && fits(last, item)) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

interface TensorGroup {
  /** As in the file, without the naming's prefix and marks. */
  readonly name: string;
  readonly kind: ModuleKind;
  readonly naming: Naming;
  readonly tensors: Readonly<Partial<Record<Part, TensorEntry>>>;
  readonly parameter?: string;
  readonly experts?: number;
}

type UnpairedTensor = readonly [tensor: TensorEntry, why: string];

interface GrowingGroup extends Omit<TensorGroup, 'name'> {
  readonly adapter: string;
  readonly tensors: Partial<Record<Part, TensorEntry>>;
}

/** Groups tensors by the names of their modules; `unpaired`: their part is already taken. */
function groupTensors(tensors: readonly TensorEntry[]) {
  const modules = new Map<string, GrowingGroup[]>();
  const others: TensorEntry[] = [];
  const unpaired: UnpairedTensor[] = [];
  const put = (group: GrowingGroup, part: Part, tensor: TensorEntry) => {
    if (group.tensors[part]) unpaired.push([tensor, 'Its module has another tensor for the same part.']);
    else group.tensors[part] = tensor;
  };
  const readings = tensors.map((tensor) => ({ tensor, reading: readName(tensor.name) }));
  let main: string | null = null;
  for (const { tensor, reading } of readings) {
    if (!reading?.kind) continue;
    const { module, part, kind, naming } = reading;
    const adapter = reading.adapter ?? '';
    main ??= adapter;
    const groups = modules.get(module) ?? [];
    modules.set(module, groups);
    let group = groups.find((of) => of.adapter === adapter);
    if (!group) {
      group = { adapter, kind, naming, tensors: {} };
      groups.push(group);
    }
    if (group.kind === kind) put(group, part, tensor);
    else unpaired.push([tensor, 'Its module has factors of another kind.']);
  }
  // α and magnitudes belong to the module of their name; without factors there is none.
  for (const { tensor, reading } of readings) {
    if (reading?.kind) continue;
    const groups = reading ? modules.get(reading.module) : undefined;
    const group = groups?.find(({ adapter }) => adapter === reading?.adapter) ?? groups?.[0];
    if (reading && group) put(group, reading.part, tensor);
    else others.push(tensor);
  }
  const groups = [...modules].flatMap(([module, list]) =>
    list.map(({ adapter, ...group }): TensorGroup => {
      const own = list.length === 1 || adapter === main;
      return { ...group, name: own ? module : `${module} (${adapter || 'unnamed'})` };
    }),
  );
  return { groups, others, unpaired };
}

/**
 * Opens an adapter file with `config`, the text of adapter_config.json: reads header and α, finds modules by tensor
 * names. A Fault if it is no adapter, or of a kind that is not read.
 */
export async function openAdapter(
  source: ByteSource,
  config: string | null,
  answer: AlphaAnswer | null,
): Promise<Adapter | Fault> {
  const header = await readHeader(source);
  if ('fault' in header) return header;
  const said = config === null ? null : readConfig(config);
  if (said && 'fault' in said) return said;
  const named = groupTensors(header.tensors);
  const perExpert = withExperts(named.groups, said);
  if ('fault' in perExpert) return perExpert;
  const ofKnownTool = withShapes(perExpert.groups);
  const byEnds = ofKnownTool.found.length === 0 ? groupsByEnds(header.tensors, said) : null;
  const { groups, others, unpaired } = byEnds ?? named;
  const { found, left } = byEnds ? withShapes(groups) : ofKnownTool;
  const missing = [...unpaired, ...(byEnds ? [] : perExpert.left), ...left];
  if (found.length === 0) return noPairs(header.tensors, missing, said);
  if (said?.peftType === 'ADALORA' && found.every(({ tensors }) => !tensors.diagonal)) return ADALORA;

  const alphas = found.flatMap(({ tensors: { alpha } }) => (alpha && countOf(alpha.shape) === 1 ? [alpha] : []));
  const values = await readScalars(source, alphas);
  const sayings = scalingSources(said, header.metadata);
  const canonical = unlike(found.map(({ name }) => name));
  const usual = sayings.length === 0 && diffusersTakesOne(found, canonical) ? 'diffusers' : null;
  const scalings = found.map((module) => {
    const { alpha } = module.tensors;
    return scalingOf(module, ownAlpha(alpha, alpha && values.get(alpha)), sayings, answer ?? usual);
  });
  const lastAlpha = lastAlphas(said);
  const modules = found.map(({ naming, ...module }, i): Omit<Module, 'index' | 'place'> => {
    const { alpha, scaling, rule, odd } = scalings[i];
    const other = module.tensors.alpha ? null : lastAlpha(module.name, scalings[i]);
    return {
      ...module,
      ...(odd === null ? {} : { oddAlpha: odd }),
      ...(other === null ? {} : { otherAlpha: other }),
      ...(said?.start && module.kind === 'lora' ? { start: said.start } : {}),
      canonical: canonical[i],
      alpha,
      scaling,
      rule,
      dtype: factorOf(module.tensors).dtype,
      transposed: isTransposed(module.tensors, naming),
      magnitude: magnitudeOf(found[i]),
    };
  });
  return {
    name: source.name,
    bytes: source.size,
    naming: commonest(found.map(({ naming }) => naming)),
    namesLike: namePattern(exampleOf(found)),
    header,
    config: said,
    modules: inOrder(modules),
    others,
    unpaired: missing,
    alphaFrom: alphaSource(scalings),
  };
}

type ShapedGroup = TensorGroup & ModuleShape;

/** Groups whose tensors fit together, and the other tensors with the reason. */
function withShapes(groups: readonly TensorGroup[]): { found: ShapedGroup[]; left: UnpairedTensor[] } {
  const found: ShapedGroup[] = [];
  const left: UnpairedTensor[] = [];
  for (const group of groups) {
    const all = Object.values(group.tensors);
    // α may be an integer; factors that are integers are quantised, and their scales are elsewhere.
    const [, unread] =
      Object.entries(group.tensors).find(
        ([part, { dtype }]) => !isFloatType(dtype) && !(part === 'alpha' && /^[IU]\d|^BOOL$/.test(dtype)),
      ) ?? [];
    const shape = unread
      ? `Its numbers are ${unread.dtype}; factors are read as F64, F32, F16, BF16 or F8.`
      : shapeOf(group.kind, group.tensors, isTransposed(group.tensors, group.naming), group.experts);
    if (typeof shape === 'string') left.push(...all.map((tensor): UnpairedTensor => [tensor, shape]));
    else found.push({ ...group, ...shape });
  }
  return { found, left };
}

function factorOf({ down, w1a, w1, w2a, diff }: TensorGroup['tensors']): TensorEntry {
  const factor = down ?? w1a ?? w1 ?? w2a ?? diff;
  if (!factor) throw new Error('a module without a factor');
  return factor;
}

function exampleOf(found: readonly ShapedGroup[]): string {
  const names = found.map(({ tensors }) => factorOf(tensors).name);
  return names.find((name) => !name.includes('embed')) ?? names[0];
}

/**
 * Whether diffusers takes s = 1: its names, and no α anywhere. It then sets α to the first rank of each network, so all
 * its ranks have to be equal. Source: get_peft_kwargs in diffusers/utils/peft_utils.py.
 */
function diffusersTakesOne(found: readonly ShapedGroup[], canonical: readonly string[]): boolean {
  if (!found.every(({ naming, tensors }) => naming === 'diffusers' && !tensors.alpha)) return false;
  const networks = canonical.map((name) => /^(?:te\d?|second)_/.exec(name)?.[0] ?? '');
  const ranks = new Map(networks.map((network, i) => [network, found[i].rank]));
  return networks.every((network, i) => ranks.get(network) === found[i].rank);
}

/** The axis of DoRA's magnitudes; PEFT has one per output in any shape, LyCORIS in older files one per input. */
function magnitudeOf({ d, naming, tensors: { magnitude } }: ShapedGroup): Module['magnitude'] {
  if (!magnitude) return null;
  const { shape } = magnitude;
  if (naming === 'peft' || naming === 'mlx' || shape.length < 2) return 'per output';
  return shape[0] === d && countOf(shape) === d ? 'per output' : 'per input';
}

function commonest(namings: readonly Naming[]): Naming {
  return [...countsOf(namings)].reduce((max, of) => (of[1] > max[1] ? of : max))[0];
}

/** Canonical names; if two modules would share one, their own names. */
function unlike(names: readonly string[]): readonly string[] {
  const canonical = names.map(canonicalName);
  const counts = countsOf(canonical);
  return canonical.map((name, i) => ((counts.get(name) ?? 0) > 1 ? names[i] : name));
}

/** In the order of the forward pass, modules without a known place last, in the order of the file. */
function inOrder(modules: readonly Omit<Module, 'index' | 'place'>[]): readonly Module[] {
  const places = modulePlaces(modules.map(({ canonical }) => canonical));
  return modules
    .map((module, i) => ({ ...module, place: places[i] }))
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map((module, index) => ({ ...module, index }));
}

/** Whether A is [in, r] and B [r, out]: in MLX, and of unknown tools by the shapes. */
function isTransposed({ down, up }: TensorGroup['tensors'], naming: Naming): boolean {
  if (naming === 'mlx') return true;
  return naming === 'other' && down !== undefined && up !== undefined && down.shape[0] !== up.shape[1];
}

/** A file of no known tool as pairs by the ends of its names; null if it is none, or its config says another kind. */
function groupsByEnds(tensors: readonly TensorEntry[], config: AdapterConfig | null) {
  const pairs = otherKind(tensors, config) ? null : pairsByEnds(tensors);
  if (pairs === null) return null;
  const taken = new Set(pairs.flatMap(({ down, up }) => [down, up]));
  const groups = pairs.map(({ name, down, up }): TensorGroup => {
    return { name, kind: 'lora', naming: 'other', tensors: { down, up } };
  });
  return { groups, others: tensors.filter((tensor) => !taken.has(tensor)), unpaired: [] };
}

function noPairs(
  tensors: readonly TensorEntry[],
  left: readonly UnpairedTensor[],
  config: AdapterConfig | null,
): Fault {
  const needs = 'An adapter has A and B (or down and up) for each module.';
  const none = (details: string): Fault => ({ fault: 'No LoRA pairs found.', details: `${details} ${needs}` });
  if (tensors.length === 0) return none('The file has no tensors.');
  const kind = otherKind(tensors, config);
  if (kind) return kind;
  if (left.length > 0) {
    const [tensor, why] = left[0];
    return none(`${safeName(tensor.name)}: ${why}`);
  }
  const example = `(${safeName(tensors[0].name)})`;
  const like = tensors.find(({ name }) => /lora|adapter/i.test(name));
  if (like)
    return none(`${safeName(like.name)} is named like a part of an adapter, but by no tool whose names are known.`);
  if (config?.peftType)
    return none(
      `adapter_config.json says ${safeName(config.peftType)}, and the names are of no kind that is read ${example}.`,
    );
  const whole = tensors.some(({ name, shape }) => name.endsWith('.weight') && shape.length > 1);
  if (whole) return { ...none(`The names look like a whole model ${example}.`), isModel: true };
  return none(`The names are of no kind that is read ${example}.`);
}
