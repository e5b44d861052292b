import type { Matrix64 } from '../../math/matrix.ts';

/**
 * What the library knows of an adapter file: plain data without functions, so that a worker can send it. Everything that
 * reads, measures, cuts, merges, converts and writes adapters is in this folder, and none of it needs a page.
 */

/** What cannot be done, for a person: what is wrong with which value, and what is allowed or can be done. */
export interface Fault {
  /** A sentence of a few words, "The header is damaged.". */
  readonly fault: string;
  /** The values and what to do about it, in sentences. */
  readonly details: string;
}

/** Bytes of a file: one that was picked or dropped, one on a disk, an entry of a zip. */
export interface ByteSource {
  /** The file's name without its folders. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `from` up to `to`, both within 0 … size. Rejects if the file cannot be read any more. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where a new file goes, from its first byte to its last. */
export interface ByteSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** Given up: nothing of the file stays. */
  abort(): Promise<void>;
}

/** Types of numbers that are read as numbers; the first three are also written. */
export type FloatType = 'F32' | 'F16' | 'BF16' | 'F64' | 'F8_E4M3' | 'F8_E5M2';
export type OutputType = 'F32' | 'F16' | 'BF16';

/** A tensor of a .safetensors file as its header lists it. */
export interface TensorEntry {
  readonly name: string;
  /** As in the header: a FloatType, or another type that is carried through untouched. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Its bytes, counted from the beginning of the file. */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: readonly TensorEntry[];
  /** Where the data begins, in bytes from the beginning of the file. */
  readonly dataFrom: number;
}

/** The families of names in the table of docs/adapters.md. */
export type Naming = 'peft' | 'kohya' | 'diffusers' | 'lycoris' | 'mlx';

/** What of adapter_config.json matters here. Fields that are absent are null. */
export interface AdapterConfig {
  readonly peftType: string | null;
  readonly r: number | null;
  readonly alpha: number | null;
  readonly rslora: boolean;
  readonly dora: boolean;
  readonly fanInFanOut: boolean;
  /** Regular expressions on the end of a module's name, in the order of the file. */
  readonly rankPattern: readonly (readonly [pattern: string, rank: number])[];
  readonly alphaPattern: readonly (readonly [pattern: string, alpha: number])[];
  /** MLX: s itself. */
  readonly scale: number | null;
  /** The file's own text, which a written config keeps but for what changes. */
  readonly text: string;
}

/**
 * What the tensors of a module are: a pair B·A; LyCORIS' Hadamard and Kronecker products, which are shown but neither cut
 * nor merged; a whole ΔW.
 */
export type ModuleKind = 'lora' | 'loha' | 'lokr' | 'full';

/** The parts that tensors play in a module. A pair has `down` (A) and `up` (B). */
export type Part =
  | 'down'
  | 'up'
  | 'mid'
  | 'alpha'
  | 'magnitude'
  | 'w1'
  | 'w1a'
  | 'w1b'
  | 'w2'
  | 'w2a'
  | 'w2b'
  | 't1'
  | 't2'
  | 'diff'
  | 'bias';

/** Where in its model a module stands, read from its name. */
export interface ModulePlace {
  /** The row, "down 0·1", "mid", "layer 11", "text encoder 3". */
  readonly layer: string;
  /** Rows in the order of the forward pass: compared number by number. */
  readonly order: readonly number[];
  /** The group of columns: "self-attention", "cross-attention", "attention", "mlp", "" for others. */
  readonly group: string;
  /** The column: q, k, v, out, qkv, up, gate, down, fc1, fc2, "conv 1", … */
  readonly type: string;
}

/** An adapted layer: ΔW is d × k, of rank r. */
export interface Module {
  /** Its place in the list of modules of its adapter. */
  readonly index: number;
  /** Its name as the file has it, without what belongs to the naming. */
  readonly name: string;
  /** The same with every naming's differences taken out ("." and "_" alike): what modules of two files are matched by. */
  readonly canonical: string;
  readonly kind: ModuleKind;
  /** The number of outputs, rows of ΔW. */
  readonly d: number;
  /** The number of inputs, columns of ΔW: in · kh · kw of a convolution. */
  readonly k: number;
  readonly rank: number;
  /** Height and width of a convolution's kernel; null for a linear layer (1 × 1 convolutions have theirs). */
  readonly kernel: readonly [number, number] | null;
  /** null if neither file nor config nor person has said it. */
  readonly alpha: number | null;
  /** Why the α that file or config has is not taken, a predicate: "has 2 numbers, not one". */
  readonly oddAlpha?: string;
  /** s; null if α is not known. */
  readonly scaling: number | null;
  readonly rule: 'α/r' | 'α/√r' | 'scale';
  /** The type of its factors; if they differ, A's. */
  readonly dtype: string;
  /** Factors lie transposed in the file (MLX; embeddings of PEFT have A as [r, vocab] and B as [out, r] and do not). */
  readonly transposed: boolean;
  /** DoRA: the magnitudes, by which axis. */
  readonly magnitude: 'per output' | 'per input' | null;
  readonly tensors: Readonly<Partial<Record<Part, TensorEntry>>>;
  /** null if the name does not tell. */
  readonly place: ModulePlace | null;
}

/** An adapter file that was opened: what its header and config say. */
export interface Adapter {
  readonly name: string;
  readonly bytes: number;
  readonly naming: Naming;
  /** How the names look, for a person: "to_k.lora.down". */
  readonly namesLike: string;
  readonly header: Header;
  readonly config: AdapterConfig | null;
  /** Modules in the order of the forward pass where names tell, else of the file. */
  readonly modules: readonly Module[];
  /** Whole tensors beside the adapter, carried through untouched. */
  readonly others: readonly TensorEntry[];
  /** Halves of pairs whose other half is missing or does not fit, each with why; carried through untouched. */
  readonly unpaired: readonly (readonly [tensor: TensorEntry, why: string])[];
  /**
   * Where α comes from; 'diffusers': the file has none, and diffusers then takes α = r; 'absent' is a question to the person; 'none
   * wanted': no module has an α to be scaled by.
   */
  readonly alphaFrom: 'file' | 'config' | 'metadata' | 'person' | 'diffusers' | 'absent' | 'none wanted';
}

/** An adapter file that is open, and what it is read from. */
export interface AdapterSource {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}

/** How a person answers if the file has no α. */
export type AlphaAnswer = { readonly alpha: number } | 'rank' | 'unknown';

/** B (d × r) and A (r × k) of a module, in float64, without s. Of a convolution A is r × (in·kh·kw). */
export interface ModuleFactors {
  readonly B: Matrix64;
  readonly A: Matrix64;
}

/** What is measured of a module: by r × r work. */
export interface Figures {
  /** Singular values of s·B·A, the largest first, as many as min(r, d, k); of B·A where s is not known. Empty where not finite. */
  readonly sigma: Float64Array;
  readonly frobenius: number;
  readonly effectiveRank: {
    readonly entropy: number;
    /** Of σ². */
    readonly energy: number;
    readonly participation: number;
    readonly stable: number;
  };
  /** Directions that hold 90% of Σσ², …; 0 for the zero matrix. */
  readonly rank90: number;
  readonly rank95: number;
  readonly rank99: number;
  /** σᵢ < 10⁻⁶·σ₁. */
  readonly dead: number;
  /** Every entry of B is 0. */
  readonly untrained: boolean;
  /** NaN or an infinity in a factor: nothing is computed. */
  readonly finite: boolean;
  /** Of DoRA: smallest, median and largest magnitude. */
  readonly magnitudes: readonly [number, number, number] | null;
}

/** Something to know of a file: bold fact, reason, the modules it is about. */
export interface Warning {
  readonly about: string;
  readonly tone: 'bad' | 'look' | 'fine';
  readonly title: string;
  readonly details: string;
  /** Indices of modules; empty if it is about the file. */
  readonly modules: readonly number[];
  readonly acts: readonly ('show' | 'resize' | 'alpha' | 'names')[];
}

/** A module as far as ways to cut it depend on it. */
export interface Spectrum {
  readonly d: number;
  readonly k: number;
  /** With a convolution's kernel larger than 1 × 1. */
  readonly convolution: boolean;
  /** Singular values, the largest first. */
  readonly sigma: Float64Array;
}

/** By module; null for one that is carried through a cut. */
export type Spectra = readonly (Spectrum | null)[];

/** How a file is cut; every way gives each module a rank from 1 (0 if ΔW is zero: it then keeps 1) to its own. */
export type ResizeWay =
  /** Each module keeps this share of its Σσ². */
  | { readonly by: 'energy'; readonly share: number }
  | { readonly by: 'rank'; readonly rank: number }
  /** The least error for a file of this size. */
  | { readonly by: 'bytes'; readonly bytes: number }
  /** The smallest rank of SERVED that keeps this share of every module's energy, or with `below` the largest not above it. */
  | { readonly by: 'served'; readonly share: number; readonly below?: boolean }
  | { readonly by: 'sv_fro' | 'sv_cumulative' | 'sv_ratio'; readonly t: number }
  /** Rank by rank, as set by hand. */
  | { readonly by: 'hand'; readonly ranks: readonly number[] };

export interface ResizePlan {
  readonly way: ResizeWay;
  /** No module keeps more; null: no limit. */
  readonly most: number | null;
  readonly mostOfConvolutions: number | null;
  /** null: as in the file. */
  readonly dtype: OutputType | null;
  /** Where the singular values go. */
  readonly split: 'both' | 'up';
}

/** What will come of a plan, before anything is written. */
export interface PredictedResize {
  readonly ranks: readonly number[];
  /** ‖lost‖/‖ΔW‖ of each module (Eckart and Young 1936); 0 for the zero matrix. */
  readonly errors: readonly number[];
  /** The same over the whole file. */
  readonly error: number;
  readonly bytes: number;
}

/** A file that was written, and read back. */
export interface WriteReport {
  readonly name: string;
  readonly bytes: number;
  /** As foretold, and as measured on the file read back, relative to the norm of what was wanted. */
  readonly foretold: number;
  readonly measured: number;
  /** Names of further files that belong to it, with their text: adapter_config.json. */
  readonly extraFiles: readonly (readonly [name: string, text: string])[];
}

/** `progress` is called with modules done; if it is cancelled, the signal's reason is thrown. */
export interface WorkOptions {
  readonly progress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Two modules of one place, one of each file. */
export interface PairFigures {
  /** ⟨ΔW₁, ΔW₂⟩/(‖ΔW₁‖·‖ΔW₂‖); 0 if one is zero. */
  readonly cosine: number;
  /** φ(i, j) = ‖U₁,ᵢᵀU₂,ⱼ‖²_F/min(i, j) of the leading left and right directions, row by row: i − 1, j − 1; up to 16 × 16. */
  readonly left: Matrix64;
  readonly right: Matrix64;
  /** ‖ΔW₂‖/‖ΔW₁‖. */
  readonly ratio: number;
  /** Singular values of ΔW₁, ΔW₂ and w₁ΔW₁ + w₂ΔW₂ (the ranks added). */
  readonly sigma: readonly [Float64Array, Float64Array, Float64Array];
  /** Frobenius norms of the same three. */
  readonly frobenius: readonly [number, number, number];
  /** What adding the factors (PEFT's "linear") would have given: relative error against the sum; null if the ranks differ. */
  readonly linear: number | null;
}

export interface ModuleMatches {
  /** Indices of modules, in the first and the second file. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly onlyFirst: readonly number[];
  readonly onlySecond: readonly number[];
  /** Of those that one file alone has, the ones that are no pair B·A: a merge carries them whole or not at all. */
  readonly notPairs: readonly [readonly number[], readonly number[]];
  /** Same place, other shapes: cannot be merged. */
  readonly unlike: readonly (readonly [number, number])[];
}

export interface MergePlan {
  readonly weights: readonly [number, number];
  /** null: exactly, ranks added. */
  readonly rank: number | null;
  /** Modules that one file alone has: taken along with their weight, or left out. */
  readonly others: 'carried' | 'left out';
  readonly dtype: OutputType | null;
}

/** What a naming can be converted to. */
export type ConvertTo = 'peft' | 'kohya' | 'diffusers';

/** Names before and after; null: added or dropped. */
export interface ConvertPlan {
  readonly to: ConvertTo;
  readonly renamed: readonly (readonly [before: string | null, after: string | null])[];
  /** By which table or rule names are changed, a sentence. */
  readonly rule: string;
  readonly added: number;
  readonly dropped: number;
}
