import { megabytesText, safeName } from '../faults.ts';
import type { Adapter, AdapterSource, ByteSource, ConvertTo, Fault, Module, TensorEntry } from '../model.ts';
import { canonicalName } from '../namings.ts';
import { lastOf } from '../resize/resized-file.ts';
import { bytesOf } from '../safetensors/numbers.ts';
import { pipelineOf } from './names.ts';

/**
 * Flux has q, k and v of an attention in one layer in its first code, which kohya's files follow, and in three layers in
 * diffusers; in single blocks the MLP's first layer is with them. One becomes several: B is cut by rows, and A is that of
 * each (or a part of it, where B is block by block). Several become one: B block by block with the ranks added, or B one
 * below the other where every A has the same bits. No number of ΔW changes.
 * Outside the blocks layers have other names alone, but for the last layer's modulation: the first code has shift above
 * scale, diffusers scale above shift, so that both halves of B's rows are swapped.
 * Sources: sd-scripts' networks/convert_flux_lora.py, _convert_kohya_flux_lora_to_diffusers of diffusers (which drops
 * the last layer's α, and before its change 14001 swapped the halves of A too: another ΔW in this layer).
 */

/** Layers of a block in the first code, and in diffusers: several where it has them apart, in the order of B's rows. */
const DOUBLE: LayerTable = {
  'img_attn.qkv': ['attn.to_q', 'attn.to_k', 'attn.to_v'],
  'txt_attn.qkv': ['attn.add_q_proj', 'attn.add_k_proj', 'attn.add_v_proj'],
  'img_attn.proj': ['attn.to_out.0'],
  'txt_attn.proj': ['attn.to_add_out'],
  'img_mlp.0': ['ff.net.0.proj'],
  'img_mlp.2': ['ff.net.2'],
  'txt_mlp.0': ['ff_context.net.0.proj'],
  'txt_mlp.2': ['ff_context.net.2'],
  'img_mod.lin': ['norm1.linear'],
  'txt_mod.lin': ['norm1_context.linear'],
};
const SINGLE: LayerTable = {
  linear1: ['attn.to_q', 'attn.to_k', 'attn.to_v', 'proj_mlp'],
  linear2: ['proj_out'],
  'modulation.lin': ['norm.linear'],
};
/** Before and after the blocks. */
const OUTSIDE: LayerTable = {
  img_in: ['x_embedder'],
  txt_in: ['context_embedder'],
  'time_in.in_layer': ['time_text_embed.timestep_embedder.linear_1'],
  'time_in.out_layer': ['time_text_embed.timestep_embedder.linear_2'],
  'vector_in.in_layer': ['time_text_embed.text_embedder.linear_1'],
  'vector_in.out_layer': ['time_text_embed.text_embedder.linear_2'],
  'guidance_in.in_layer': ['time_text_embed.guidance_embedder.linear_1'],
  'guidance_in.out_layer': ['time_text_embed.guidance_embedder.linear_2'],
  'final_layer.linear': ['proj_out'],
  'final_layer.adaLN_modulation.1': ['norm_out.linear'],
};
const MODULATION = 'final_layer.adaLN_modulation.1';
type LayerTable = Readonly<Record<string, readonly string[]>>;

/** The width of Flux, by which its layers differ from those of SD3 with the same names; and its blocks. */
const WIDTH = 3072;
const BLOCKS = { double: 19, single: 38 } as const;
/** Rows of B of each part, in widths. */
const ROWS = [1, 1, 1, 4];

/** A layer of the first code with its parts in diffusers. */
interface FluxLayer {
  readonly first: string;
  readonly parts: readonly string[];
}

const underscored = (name: string) => name.replaceAll('.', '_');

function layersIn(table: LayerTable, block: string, becomes: string): readonly FluxLayer[] {
  return Object.entries(table).map(([first, parts]) => ({
    first: block + first,
    parts: parts.map((part) => becomes + part),
  }));
}

/** By the underscored name of the layer, or of each of its parts. */
function allLayers(): { readonly byFirst: LayerMap; readonly byPart: LayerMap } {
  const layers = [
    ...Array.from({ length: BLOCKS.double }, (_, n) =>
      layersIn(DOUBLE, `double_blocks.${n}.`, `transformer_blocks.${n}.`),
    ).flat(),
    ...Array.from({ length: BLOCKS.single }, (_, n) =>
      layersIn(SINGLE, `single_blocks.${n}.`, `single_transformer_blocks.${n}.`),
    ).flat(),
    ...layersIn(OUTSIDE, '', ''),
  ];
  return {
    byFirst: new Map(layers.map((layer) => [underscored(layer.first), layer])),
    byPart: new Map(layers.flatMap((layer) => layer.parts.map((part) => [underscored(part), layer] as const))),
  };
}
type LayerMap = ReadonlyMap<string, FluxLayer>;

/** A tensor of several others, or of a part of one: where it is read, its place lies behind the file. */
interface MadeTensor {
  readonly entry: TensorEntry;
  readonly bytes: (source: ByteSource) => Promise<Uint8Array<ArrayBuffer>>;
}

interface Relayered {
  readonly adapter: Adapter;
  readonly made: readonly MadeTensor[];
  /** Of joined and divided tensors: those that they come from. */
  readonly origins: ReadonlyMap<TensorEntry, readonly string[]>;
  readonly rule: string;
}

/** Layers, by their first name, whose B is block by block, or whose parts have one A. */
export type FluxLook = ReadonlySet<string>;
const UNSEEN: FluxLook = new Set();

/**
 * The file with the layers of another code, before they are renamed; null if it is not Flux, or has the layers already.
 * Without a look at its numbers the largest that it can become.
 */
export function withFluxLayers(adapter: Adapter, to: ConvertTo, look: FluxLook = UNSEEN): Relayered | Fault | null {
  const groups = groupsOf(adapter, to);
  if (groups === null) return null;
  const writer = tensorMaker(adapter.bytes);
  const modules: Module[] = [];
  for (const { layer, members, together } of groups) {
    const found = together
      ? to === 'kohya'
        ? joined(layer, members, look.has(layer.first), writer)
        : divided(layer, members[0], look.has(layer.first), writer)
      : layer.first === MODULATION
        ? swapped(renamed(members[0], layer, to), writer)
        : members.map((module) => renamed(module, layer, to));
    if ('fault' in found) return found;
    modules.push(...found);
  }
  const several = groups.filter(({ together }) => together).length;
  const isSwapped = groups.some(({ layer }) => layer.first === MODULATION);
  return {
    adapter: { ...adapter, modules: modules.map((module, index) => ({ ...module, index })) },
    made: writer.made,
    origins: writer.origins,
    rule: ruleOf(to, several, modules, adapter) + (isSwapped ? SWAPPED : ''),
  };
}

/** What to know of the numbers before: see FluxLook. */
export async function fluxLook({ source, adapter }: AdapterSource, to: ConvertTo): Promise<FluxLook> {
  const seen = new Set<string>();
  for (const { layer, members, together } of groupsOf(adapter, to) ?? []) {
    if (!together) continue;
    const alike = to === 'kohya' ? await haveOneA(source, members) : await isByBlocks(source, layer, members[0]);
    if (alike) seen.add(layer.first);
  }
  return seen;
}

/** The file with its made tensors behind its end. */
export function sourceWith(source: ByteSource, made: readonly MadeTensor[]): ByteSource {
  const bytesOfMade = lastOf((one: MadeTensor) => one.bytes(source));
  return {
    ...{ name: source.name, size: source.size },
    async read(from, to) {
      const one = made.find(({ entry }) => from >= entry.from && from < entry.to);
      return one ? (await bytesOfMade(one)).slice(from - one.entry.from, to - one.entry.from) : source.read(from, to);
    },
  };
}

interface LayerGroup {
  /** Of a text encoder beside the transformer its own name, and no parts. */
  readonly layer: FluxLayer;
  /** Of a layer that is joined, those of its parts that the file has. */
  readonly members: readonly Module[];
  /** Whether layers are joined or divided, and not only renamed. */
  readonly together: boolean;
}

/** The modules of Flux by the layers of its first code; null if a module of the transformer is none of Flux. */
function groupsOf(adapter: Adapter, to: ConvertTo): readonly LayerGroup[] | null {
  const { modules, naming } = adapter;
  const fromFirst = naming === 'kohya' && to !== 'kohya';
  if (!fromFirst && !(to === 'kohya' && (naming === 'peft' || naming === 'diffusers'))) return null;
  if (!modules.some(({ canonical }) => (fromFirst ? FIRST : APART).test(canonical))) return null;
  if (to === 'kohya' && pipelineOf([adapter]).qwen) return null;
  const { byFirst, byPart } = allLayers();
  const groups = new Map<string, { layer: FluxLayer; members: Module[]; together: boolean }>();
  for (const module of modules) {
    const beside = /^te\d?_/.test(module.canonical);
    const layer = beside ? { first: module.name, parts: [] } : (fromFirst ? byFirst : byPart).get(module.canonical);
    if (!layer || module.kind !== 'lora' || module.transposed) return null;
    const together = layer.parts.length > 1;
    if (together && module.k !== WIDTH) return null;
    // SD3 has layers of these names too.
    if (Object.hasOwn(OUTSIDE, layer.first) && module.d !== WIDTH && module.k !== WIDTH) return null;
    const known = groups.get(layer.first);
    if (known) known.members.push(module);
    else groups.set(layer.first, { layer, members: [module], together });
  }
  return [...groups.values()];
}

const FIRST = /^(?:double_blocks|single_blocks)_\d+_/;
const APART = /^(?:transformer_blocks|single_transformer_blocks)_\d+_/;

/** A module under the name that the layer has in the other code; renaming makes the file's name of it. */
function renamed(module: Module, { first, parts }: FluxLayer, to: ConvertTo): Module {
  if (parts.length === 0) return module;
  const name = to === 'kohya' ? `diffusion_model.${first}` : `transformer.${parts[0]}`;
  return { ...module, name, canonical: canonicalName(name) };
}

/** The last layer's modulation in the other code: the halves of ΔW's rows change places, and so those of B. */
function swapped(module: Module, { make }: Maker): readonly Module[] | Fault {
  const { up } = module.tensors;
  const why = obstacle(module);
  if (why !== null || !up) return unfit(module, why ?? 'is no pair.');
  if (module.d !== 2 * WIDTH) return unfit(module, `has ${module.d} outputs, and Flux ${2 * WIDTH} in this layer.`);
  const turned = make([up], up.shape, async (source) => {
    const bytes = await source.read(up.from, up.to);
    const out = new Uint8Array(bytes.length);
    out.set(bytes.subarray(bytes.length / 2));
    out.set(bytes.subarray(0, bytes.length / 2), bytes.length / 2);
    return out;
  });
  return [{ ...module, tensors: { ...module.tensors, up: turned } }];
}

const SWAPPED =
  ' In the last layer’s modulation both halves of B are swapped: scale and shift lie the other way round there. Given kohya’s names, diffusers itself drops the α of the last layer, and its earlier releases swap the halves of A too: it has another ΔW there.';

const unfit = (module: Module, why: string): Fault => ({
  fault: 'A layer cannot be divided or joined.',
  details: `${safeName(module.name)} ${why}`,
});

/** Why a layer is left as one, a predicate. */
function obstacle({ tensors, magnitude }: Module): string | null {
  if (magnitude !== null) return 'has DoRA’s magnitudes, which belong to the layer as a whole.';
  if (tensors.mid || tensors.bias || tensors.diagonal) return 'has more tensors than A and B.';
  return null;
}

type Maker = ReturnType<typeof tensorMaker>;

function tensorMaker(end: number) {
  const made: MadeTensor[] = [];
  const origins = new Map<TensorEntry, readonly string[]>();
  let at = end;
  return {
    made,
    origins,
    make(from: readonly TensorEntry[], shape: readonly number[], bytes: MadeTensor['bytes']): TensorEntry {
      const { name, dtype } = from[0];
      const entry = { name, dtype, shape, from: at, to: at + bytesOf(dtype, shape) };
      at = entry.to;
      made.push({ entry, bytes });
      origins.set(
        entry,
        from.map((one) => one.name),
      );
      return entry;
    },
  };
}

const sizeOf = ({ dtype }: TensorEntry) => bytesOf(dtype, []);

/** Rows of a matrix, which lie together in its tensor. */
function rowsOf(tensor: TensorEntry, first: number, count: number): TensorEntry {
  const row = (tensor.to - tensor.from) / tensor.shape[0];
  const from = tensor.from + first * row;
  return { ...tensor, shape: [count, ...tensor.shape.slice(1)], from, to: from + count * row };
}

/** Rows of B of each part of a layer. */
const partRows = ({ parts }: FluxLayer): readonly number[] => parts.map((_, i) => ROWS[i] * WIDTH);
const startsOf = (rows: readonly number[]): readonly number[] =>
  rows.map((_, i) => rows.slice(0, i).reduce((sum, n) => sum + n, 0));
const total = (rows: readonly number[]) => rows.reduce((sum, n) => sum + n, 0);

/** The parts of a layer: with A whole, or each with its own part of A and of the columns of B. */
function divided(layer: FluxLayer, module: Module, byBlocks: boolean, { make }: Maker): readonly Module[] | Fault {
  const { up, down, alpha } = module.tensors;
  const why = obstacle(module);
  if (why !== null || !up || !down) return unfit(module, why ?? 'is no pair.');
  const rows = partRows(layer);
  if (module.d !== total(rows)) return unfit(module, `has ${module.d} outputs, and Flux ${total(rows)} in this layer.`);
  const rank = byBlocks ? module.rank / rows.length : module.rank;
  const starts = startsOf(rows);
  return layer.parts.map((part, i): Module => {
    const name = `transformer.${part}`;
    const own = rowsOf(up, starts[i], rows[i]);
    const tensors = byBlocks
      ? {
          down: rowsOf(down, i * rank, rank),
          up: make([up], [rows[i], rank], async (source) =>
            columnsOf(await source.read(own.from, own.to), rows[i], i * rank, rank, module.rank, sizeOf(up)),
          ),
        }
      : { down, up: own };
    return {
      ...module,
      ...{ name, canonical: canonicalName(name), d: rows[i], rank },
      // One α goes with the names that keep it elsewhere.
      tensors: { ...tensors, ...(i === 0 && alpha ? { alpha } : {}) },
      ...(byBlocks ? sameScaling(module, rank) : {}),
    };
  });
}

const sameScaling = ({ scaling }: Module, rank: number) =>
  ({ rule: 'α/r', alpha: (scaling ?? 1) * rank, scaling }) as const;

function columnsOf(
  bytes: Uint8Array<ArrayBuffer>,
  rows: number,
  first: number,
  count: number,
  of: number,
  size: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rows * count * size);
  for (let i = 0; i < rows; i++) {
    const from = (i * of + first) * size;
    out.set(bytes.subarray(from, from + count * size), i * count * size);
  }
  return out;
}

/** One layer of its parts: rows of parts that the file lacks are zero. */
function joined(
  layer: FluxLayer,
  members: readonly Module[],
  oneA: boolean,
  { make }: Maker,
): readonly Module[] | Fault {
  const [first] = members;
  const rows = partRows(layer);
  const found = layer.parts.map((part) => members.find(({ canonical }) => canonical === underscored(part)) ?? null);
  for (const [i, module] of found.entries()) {
    if (module === null) continue;
    const why = obstacle(module);
    if (why !== null) return unfit(module, why);
    if (module.d !== rows[i]) return unfit(module, `has ${module.d} outputs, and Flux ${rows[i]} in this layer.`);
    if (module.scaling !== first.scaling)
      return unfit(module, `has another s than ${safeName(first.name)}, and one layer has one s.`);
    if (module.dtype !== first.dtype || module.tensors.up?.dtype !== first.tensors.up?.dtype)
      return unfit(module, `has other types than ${safeName(first.name)}.`);
  }
  const pairs = found.map((module) => {
    const { up, down } = module?.tensors ?? {};
    return module && up && down ? { up, down, rank: module.rank } : null;
  });
  const present = pairs.filter((pair) => pair !== null);
  const ranks = pairs.map((pair) => (pair && !oneA ? pair.rank : 0));
  const rank = oneA ? first.rank : total(ranks);
  const [columns, starts] = [startsOf(ranks), startsOf(rows)];
  const ups = present.map(({ up }) => up);
  const downs = present.map(({ down }) => down);
  const up = make(ups, [total(rows), rank], async (source) => {
    const size = sizeOf(ups[0]);
    const out = new Uint8Array(total(rows) * rank * size);
    for (const [i, pair] of pairs.entries()) {
      if (pair === null) continue;
      const bytes = await source.read(pair.up.from, pair.up.to);
      const width = pair.rank * size;
      for (let row = 0; row < rows[i]; row++)
        out.set(bytes.subarray(row * width, (row + 1) * width), ((starts[i] + row) * rank + columns[i]) * size);
    }
    return out;
  });
  const down = oneA
    ? downs[0]
    : make(downs, [rank, WIDTH], async (source) => {
        const pieces = await Promise.all(downs.map(({ from, to }) => source.read(from, to)));
        return new Uint8Array(await new Blob(pieces).arrayBuffer());
      });
  const module = renamed(first, layer, 'kohya');
  return [{ ...module, d: total(rows), rank, tensors: { up, down }, ...sameScaling(first, rank) }];
}

async function haveOneA(source: ByteSource, members: readonly Module[]): Promise<boolean> {
  const downs = members.flatMap(({ tensors: { down } }) => down ?? []);
  const [{ shape, dtype }] = downs;
  if (downs.length < 2 || downs.some((one) => one.dtype !== dtype || String(one.shape) !== String(shape))) return false;
  const [first, ...others] = await Promise.all(downs.map(({ from, to }) => source.read(from, to)));
  return others.every((bytes) => bytes.every((byte, i) => byte === first[i]));
}

/** Whether B is zero but for the block of each part, as where parts of equal rank were joined. */
async function isByBlocks(source: ByteSource, layer: FluxLayer, { tensors, rank, d }: Module): Promise<boolean> {
  const rows = partRows(layer);
  const { up } = tensors;
  if (!up || rank % rows.length !== 0 || d !== total(rows)) return false;
  const bytes = await source.read(up.from, up.to);
  const [width, own] = [rank * sizeOf(up), (rank / rows.length) * sizeOf(up)];
  return startsOf(rows).every((start, i) => {
    for (let row = start; row < start + rows[i]; row++)
      for (let at = 0; at < width; at++)
        if (bytes[row * width + at] !== 0 && (at < i * own || at >= (i + 1) * own)) return false;
    return true;
  });
}

const factorBytes = (modules: readonly Module[]) => {
  const tensors = new Set<string>();
  let bytes = 0;
  for (const { tensors: of, canonical } of modules)
    for (const one of [of.up, of.down]) {
      if (!one || tensors.has(`${canonical} ${one.from}`)) continue;
      tensors.add(`${canonical} ${one.from}`);
      bytes += one.to - one.from;
    }
  return bytes;
};

function ruleOf(to: ConvertTo, several: number, modules: readonly Module[], { modules: before }: Adapter): string {
  if (several === 0) return '';
  const sizes = `${megabytesText(factorBytes(before))} of factors become up to ${megabytesText(factorBytes(modules))}`;
  return to === 'kohya'
    ? ` Layers get the names of Flux’s first code, which has q, k and v in one: B is then block by block and ranks are added, but where every A has the same bits. ${sizes}.`
    : ` Layers get diffusers’ names, where q, k and v of Flux are apart: B is cut by rows, and A is that of each, or its own part of it where B is block by block. ${sizes}.`;
}
