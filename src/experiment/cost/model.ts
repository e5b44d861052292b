/** A size in which a kind of matrix occurs: d outputs, k inputs, and how many of them the model has. */
export interface Shape {
  readonly d: number;
  readonly k: number;
  readonly count: number;
}

/** One kind of matrix that LoRA may adapt. Models whose blocks differ in width have it in several sizes. */
export interface ModuleType {
  /** As the table and links call it. */
  readonly name: string;
  /** As PEFT finds it: the end of the module's name, which no other kind of matrix shares. */
  readonly target: string;
  readonly shapes: readonly [Shape, ...Shape[]];
}

/** Blocks of one width, for what they keep for the backward pass. */
export interface Blocks {
  readonly count: number;
  /** Numbers per token that go from block to block. */
  readonly width: number;
  readonly heads: number;
  /** Tokens that a sample has in these blocks; null: as many as the text. */
  readonly tokens: number | null;
}

/** A model as far as its costs go. */
export interface Model {
  readonly name: string;
  readonly label: string;
  /** What a block is called: 32 layers, 16 blocks. */
  readonly block: 'layer' | 'block';
  readonly modules: readonly ModuleType[];
  /** All its numbers: those of the modules, and embeddings, biases, norms, convolutions. */
  readonly parameters: number;
  readonly blocks: readonly Blocks[];
  /** Numbers that one block keeps for each token, in units of its width. */
  readonly kept: number;
  /** Numbers of the output for each token of a text; 0 for models of pictures, whose output is small. */
  readonly logits: number;
  /** Tokens of a text where nothing else is set; null for a model of pictures. */
  readonly tokens: number | null;
  /** What the settings of the adapter have to say of the model. */
  readonly peft: { readonly task: 'CAUSAL_LM' | null; readonly transposed: boolean };
}

/** Of all shapes of one kind. */
export function total({ shapes }: Pick<ModuleType, 'shapes'>, of: (shape: Shape) => number): number {
  return shapes.reduce((sum, shape) => sum + shape.count * of(shape), 0);
}

/** Numbers in all matrices that can be adapted. */
export function moduleNumbers({ modules }: Pick<Model, 'modules'>): number {
  return modules.reduce((sum, type) => sum + total(type, ({ d, k }) => d * k), 0);
}

/** The largest rank that a kind of matrix has room for. */
export function largestRank({ shapes }: Pick<ModuleType, 'shapes'>): number {
  return Math.min(...shapes.map(({ d, k }) => Math.min(d, k)));
}

/** How many blocks a model has. */
export function blockCount({ blocks }: Pick<Model, 'blocks'>): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

/** All matrices of attention at one rank: what one would begin with. */
export function attentionRanks({ modules }: Pick<Model, 'modules'>, rank: number): Readonly<Record<string, number>> {
  const attention = modules.filter(({ name }) => /^(self-|cross-)?(q|k|v|o|qkv)$/.test(name));
  return Object.fromEntries(attention.map(({ name }) => [name, rank]));
}
