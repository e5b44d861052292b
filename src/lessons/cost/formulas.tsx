/** r(d + k), the numbers that an adapter trains; with letters, or with what stands for them. */
export function Trained({ r, d, k, is }: { readonly [key in 'r' | 'd' | 'k' | 'is']?: string }) {
  return (
    <math>
      {r ? <mn>{r}</mn> : <mi>r</mi>}
      {r && <mo>·</mo>}
      <mo stretchy="false">(</mo>
      {d ? <mn>{d}</mn> : <mi>d</mi>}
      <mo>+</mo>
      {k ? <mn>{k}</mn> : <mi>k</mi>}
      <mo stretchy="false">)</mo>
      {is && (
        <>
          <mo>=</mo>
          <mn>{is}</mn>
        </>
      )}
    </math>
  );
}

/** dk + r(d + k), what an unmerged layer costs for each token. */
export function Unmerged() {
  return (
    <math>
      <mi>d</mi>
      <mi>k</mi>
      <mo>+</mo>
      <mi>r</mi>
      <mo stretchy="false">(</mo>
      <mi>d</mi>
      <mo>+</mo>
      <mi>k</mi>
      <mo stretchy="false">)</mo>
    </math>
  );
}

/** The same at 4,096 × 4,096 and rank 16. */
export function UnmergedNumbers() {
  return (
    <math>
      <mn>16,777,216</mn>
      <mo>+</mo>
      <mn>131,072</mn>
      <mo>=</mo>
      <mn>16,908,288</mn>
    </math>
  );
}
