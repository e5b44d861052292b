export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students say what merging changes (rounding, nothing else), when it loses an update, and what
        keeping adapters apart costs and allows.
      </p>
      <p>
        <b>Time.</b> 6 minutes alone, 15 with the class.
      </p>
      <p>
        <b>Ask before step 2.</b> A bfloat16 number has 8 significant binary digits. What happens to 1 + 0.001? (The
        spacing near 1 is 1/128, so it stays 1.)
      </p>
      <p>
        <b>Ask before step 6.</b> Multiply out (B₁ + B₂)(A₁ + A₂). Which two of the four terms did nobody train?
      </p>
      <p>
        <b>Common mistakes.</b> “Merging makes the layer larger” (it has as many numbers as before). “Adapters can be
        averaged factor by factor” (only their products can).
      </p>
    </>
  );
}
