export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students say what is frozen, what is trained, and what rank and α do, before any formula.
      </p>
      <p>
        <b>Time.</b> 4 minutes alone, 10 with the class.
      </p>
      <p>
        <b>Ask before step 3.</b> What will the sunglasses look like if the sum may have one pattern only?
      </p>
      <p>
        <b>Common mistakes.</b> “A higher rank makes ΔW larger” (it adds patterns; α sets the size). “LoRA compresses
        the model” (W₀ is as large as before).
      </p>
    </>
  );
}
