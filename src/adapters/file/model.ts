import type { Matrix64 } from '../../math/matrix.ts';

/** Plain data, which a worker can send. All code for adapter files is in this folder, and needs no page. */

/** An error for a person: the wrong value, and the allowed ones or a remedy. */
export interface Fault {
  /** A sentence of a few words, "The header is damaged.". */
  readonly fault: string;
  /** The values and the remedy, in sentences. */
  readonly details: string;
  /** The file is not damaged, but a whole model. */
  readonly isModel?: boolean;
}

export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /** The bytes from `from` up to `to`, both within 0 … size. Rejects if the file cannot be read any more. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The bytes of many ranges one after another, if the source reads them in one go faster than one by one. */
  readonly gather?: (ranges: readonly ByteRange[]) => Promise<Uint8Array<ArrayBuffer>>;
}

export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface ByteSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** Nothing of the file stays. */
  abort(): Promise<void>;
}

/** Types that are decoded; the first three are also written. */
export type FloatType = 'F32' | 'F16' | 'BF16' | 'F64' | 'F8_E4M3' | 'F8_E5M2';
export type OutputType = 'F32' | 'F16' | 'BF16';

export interface TensorEntry {
  readonly name: string;
  /** As in the header: a FloatType, or another type that is copied only. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In bytes from the beginning of the file. */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly TensorEntry[];
  readonly dataFrom: number;
}

/** The families of names in the table of docs/adapters.md; 'other': of no known tool, paired by their ends. */
export type Naming = 'peft' | 'kohya' | 'diffusers' | 'lycoris' | 'mlx' | 'other';

/** The fields of adapter_config.json that matter here. Absent ones are null. */
export interface AdapterConfig {
  readonly peftType: string | null;
  readonly r: number | null;
  readonly alpha: number | null;
  readonly rslora: boolean;
  readonly dora: boolean;
  readonly fanInFanOut: boolean;
  /** Of PEFT: parameters that are adapted beside modules, of experts above all. */
  readonly targetParameters: readonly string[];
  /** AdaLoRA's rank before it is pruned, by which α is divided; null for another kind. */
  readonly initialRank: number | null;
  /** Regular expressions on the end of a module's name, in the order of the file. */
  readonly rankPattern: readonly (readonly [pattern: string, rank: number])[];
  readonly alphaPattern: readonly (readonly [pattern: string, alpha: number])[];
  /** A way to begin A and B for which PEFT changes W₀ as it loads the file, "PiSSA"; null for another. */
  readonly start: string | null;
  /** aLoRA: the adapter acts from its invocation tokens on. */
  readonly activated: boolean;
  /** MLX: s itself. */
  readonly scale: number | null;
  /** The file's text, which a written config keeps except for changed fields. */
  readonly text: string;
}

/**
 * A pair B·A; LyCORIS' Hadamard and Kronecker products, which are shown but neither cut nor merged; a whole ΔW; pairs
 * of all experts of a layer, each of which is cut, grown and merged by itself.
 */
export type ModuleKind = 'lora' | 'loha' | 'lokr' | 'full' | 'experts';

export type Part =
  | 'down'
  | 'up'
  | 'mid'
  /** AdaLoRA's E, a number for each row of A. */
  | 'diagonal'
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

/** A module's place in its model, read from its name. */
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
  readonly index: number;
  /** As in the file, without the naming's prefix and marks. */
  readonly name: string;
  /** The name common to all namings ("." and "_" alike), by which modules of two files are matched. */
  readonly canonical: string;
  readonly kind: ModuleKind;
  /** The number of outputs, rows of ΔW. */
  readonly d: number;
  /** The number of inputs, columns of ΔW: in · kh · kw of a convolution. */
  readonly k: number;
  readonly rank: number;
  /** Of PEFT's target_parameters: the adapted parameter, with which `name` ends; its tensors are named without. */
  readonly parameter?: string;
  /** Of a parameter of several experts: how many d × k matrices of this rank it has. */
  readonly experts?: number;
  /** Height and width of a convolution's kernel; null for a linear layer (1 × 1 convolutions have theirs). */
  readonly kernel: readonly [number, number] | null;
  /** null if neither file, config nor person gives it. */
  readonly alpha: number | null;
  /** Why the file's or config's α is rejected, a predicate: "has 2 numbers, not one". */
  readonly oddAlpha?: string;
  /** Of a further pattern of alpha_pattern that fits, if it is another α: the first counts. */
  readonly otherAlpha?: number;
  /** s; null if α is unknown. */
  readonly scaling: number | null;
  /** 'scale': s stays whatever the rank: of MLX, of AdaLoRA, which divides α by its first rank, of PEFT's LoKr of whole factors. */
  readonly rule: 'α/r' | 'α/√r' | 'scale';
  /** The type of its factors; if they differ, A's. */
  readonly dtype: string;
  /** Factors lie transposed in the file (MLX; embeddings of PEFT have A as [r, vocab] and B as [out, r] and do not). */
  readonly transposed: boolean;
  /** DoRA: the axis of the magnitudes. */
  readonly magnitude: 'per output' | 'per input' | null;
  /** Of a pair that began from W₀, "PiSSA": training changed W₀ by s·(B·A − B₀·A₀). */
  readonly start?: string;
  readonly tensors: Readonly<Partial<Record<Part, TensorEntry>>>;
  /** null if unknown from the name. */
  readonly place: ModulePlace | null;
}

export interface Adapter {
  readonly name: string;
  readonly bytes: number;
  readonly naming: Naming;
  /** A sample of the names, for a person: "to_k.lora.down". */
  readonly namesLike: string;
  readonly header: Header;
  readonly config: AdapterConfig | null;
  /** In the order of the forward pass if names give it, else of the file. */
  readonly modules: readonly Module[];
  /** Whole tensors besides the adapter, copied only. */
  readonly others: readonly TensorEntry[];
  /** Halves of pairs whose other half is missing or does not fit, with the reason; copied only. */
  readonly unpaired: readonly (readonly [tensor: TensorEntry, why: string])[];
  /** 'diffusers': no α, so it takes α = r; 'absent': a person is asked; 'none wanted': no module has an α. */
  readonly alphaFrom: 'file' | 'config' | 'metadata' | 'person' | 'diffusers' | 'absent' | 'none wanted';
}

export interface AdapterSource {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}

export type AlphaAnswer = { readonly alpha: number } | 'rank' | 'unknown';

/** B (d × r) and A (r × k) of a module, in float64, without s. Of a convolution A is r × (in·kh·kw). */
export interface ModuleFactors {
  readonly B: Matrix64;
  readonly A: Matrix64;
}

/** The measurements of a module, by r × r work. */
export interface Figures {
  /**
   * Singular values of s·B·A, or of B·A if s is unknown: min(r, d, k), the largest first. Empty if not finite. Of experts
   * σᵢ = √Σₑ σₑᵢ², so that norm, energy and the error of a cut of all to one rank are those of all experts.
   */
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
  /** false: NaN or an infinity in a factor; nothing else is computed. */
  readonly finite: boolean;
  /** Of experts: ‖ΔWₑ‖ of each. */
  readonly expertNorms?: Float64Array;
  /** Of DoRA: smallest, median and largest magnitude. */
  readonly magnitudes: readonly [number, number, number] | null;
}

export interface Warning {
  readonly about: string;
  readonly tone: 'bad' | 'look' | 'fine';
  readonly title: string;
  readonly details: string;
  /** Indices of modules; empty if it is about the file. */
  readonly modules: readonly number[];
  readonly acts: readonly ('show' | 'resize' | 'alpha' | 'names')[];
}

export interface Spectrum {
  readonly d: number;
  readonly k: number;
  /** Kernel larger than 1 × 1. */
  readonly convolution: boolean;
  readonly sigma: Float64Array;
}

/** By module; null for one that a cut copies. */
export type Spectra = readonly (Spectrum | null)[];

/** Every way gives each module a rank from 1 (0 if ΔW is zero: it then keeps 1) to its own. */
export type ResizeWay =
  | { readonly by: 'energy'; readonly share: number }
  | { readonly by: 'rank'; readonly rank: number }
  /** The least error for a file of this size. */
  | { readonly by: 'bytes'; readonly bytes: number }
  /** The smallest of SERVER_RANKS with this share of every module's energy; `below`: the largest not above it. */
  | { readonly by: 'served'; readonly share: number; readonly below?: boolean }
  | { readonly by: 'sv_fro' | 'sv_cumulative' | 'sv_ratio'; readonly t: number }
  | { readonly by: 'hand'; readonly ranks: readonly number[] };

export interface ResizePlan {
  readonly way: ResizeWay;
  /** No module keeps more; null: no limit. */
  readonly most: number | null;
  readonly mostOfConvolutions: number | null;
  /** null: as in the file. */
  readonly dtype: OutputType | null;
  readonly split: 'both' | 'up';
}

export interface PredictedResize {
  readonly ranks: readonly number[];
  /** ‖lost‖/‖ΔW‖ of each module (Eckart and Young 1936); 0 for the zero matrix. */
  readonly errors: readonly number[];
  readonly error: number;
  readonly bytes: number;
}

export interface WriteReport {
  readonly name: string;
  readonly bytes: number;
  /** As predicted, and as measured on the file read back, relative to the norm of the wanted update. */
  readonly foretold: number;
  readonly measured: number;
  /** The text of its adapter_config.json; null: it needs none. */
  readonly config: string | null;
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
  /** φ(i, j) = ‖U₁,ᵢᵀU₂,ⱼ‖²_F/min(i, j) of the leading left and right directions at (i − 1, j − 1); ≤ 16 × 16. */
  readonly left: Matrix64;
  readonly right: Matrix64;
  /** ‖ΔW₂‖/‖ΔW₁‖. */
  readonly ratio: number;
  /** Singular values of ΔW₁, ΔW₂ and w₁ΔW₁ + w₂ΔW₂ (the ranks added). */
  readonly sigma: readonly [Float64Array, Float64Array, Float64Array];
  readonly frobenius: readonly [number, number, number];
  /** Relative error of adding the factors (PEFT's "linear") against the sum; null if the ranks differ. */
  readonly linear: number | null;
}

export interface ModuleMatches {
  /** Indices of modules, in the first and the second file. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly onlyFirst: readonly number[];
  readonly onlySecond: readonly number[];
  /** Modules of one file alone that are no pair B·A: a merge copies them whole or not at all. */
  readonly notPairs: readonly [readonly number[], readonly number[]];
  /** Same place, other shapes: cannot be merged. */
  readonly unlike: readonly (readonly [number, number])[];
}

/**
 * 'sum': Σ wᵢΔWᵢ. 'linear': the factors are added, as PEFT does. 'ties' (Yadav et al. 2023) and 'dare' (Yu et al. 2023)
 * work on the entries of ΔWᵢ.
 */
export type MergeMethod = 'sum' | 'linear' | 'ties' | 'dare';

export interface MergePlan {
  /** One for each file. */
  readonly weights: readonly number[];
  readonly method: MergeMethod;
  /** null: of a sum exactly, of TIES and DARE as many directions as the files have together. 'linear' keeps its own. */
  readonly rank: number | null;
  /** Share of the entries that TIES and DARE keep: above 0, at most 1. */
  readonly density: number;
  /** Of DARE: which entries are kept. */
  readonly seed: number;
  /** Modules of one file alone: taken along with their weight, or left out. */
  readonly others: 'carried' | 'left out';
  readonly dtype: OutputType | null;
}

export type ConvertTo = 'peft' | 'kohya' | 'diffusers';

/** Names before and after; null: added or dropped. */
export interface ConvertPlan {
  readonly to: ConvertTo;
  readonly renamed: readonly (readonly [before: string | null, after: string | null])[];
  /** Layers are joined or divided: their numbers stay, at other places. */
  readonly arranged: boolean;
  /** The table or rule by which names change, a sentence. */
  readonly rule: string;
  readonly added: number;
  readonly dropped: number;
  /** A sentence if no table gives a name its dots back; null if all come back. */
  readonly oneWay: string | null;
}
