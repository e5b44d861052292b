/** docs/predicted.md without its two tables. */
export const PREDICTED_PROSE = `# What is known of a run before its first step

*Predict before training*, below the learning rate, draws how a run will go as dashed lines, where a law is known. This page has the laws, and how far each of them
held. \`UPDATE_PREDICTED=1 npx vitest run predicted-page\` measures the tables again; a test holds some runs against them.

ΔW* = Σ σᵢ·uᵢ·vᵢᵀ; the learning rate is lr, that of B λ·lr, and s = α/r under the usual rule. All of it is about a matrix target with A and B trained.

## The laws

- **Aligned start** (A = a·V_rᵀ, B = 0): each direction is one pair of numbers. SGD: with e = σ − s·a·b, a ← a + lr·s·b·e and b ← b + λ·lr·s·a·e, both from the old
  values; this is the run itself, up to rounding. Muon's exact step (*polar*) moves a and b of every direction by lr and λ·lr until it arrives: after t steps
  s·λ·lr·t·(a + lr·(t − 1)), the same for all, so that the small ones arrive first.
- **Orthonormal start, and rank 1** (A₀·A₀ᵀ = c·I, B = 0): the gradient flow, the limit of slow rates, is known exactly. With Z = [Aᵀ; B/√λ], s′ = s√λ and
  F = s′[[0, ΔW*ᵀ], [ΔW*, 0]] + (s′²c/2)·diag(I, −I): Z·Zᵀ = e^{Ft}·Z₀·N⁻¹·Z₀ᵀ·e^{Ft}, N = I + s′²·Z₀ᵀ(∫₀ᵗ e^{2Fτ}dτ)Z₀, t = lr·steps. F falls apart into blocks of 2 × 2.
- **Kaiming**: its rows are nearly orthogonal. The same flow with c = tr(A₀·A₀ᵀ)/r gives the error; single directions are drawn from rank 8 on, marked ± 0.13 σ₁.
- For Adam, momentum and all other starts nothing is drawn.

## How near runs keep

The largest distance of a run's relative errors from the predicted ones over 300 steps, and of one direction at steps 1, 5, 20, 60, 150 and 300 in units of σ₁, at the automatic
rate: 40 runs each, four targets (low rank 8, decay 0.9ⁱ⁻¹, rotation, the owl's sunglasses) × 16 and 64 rows and columns × 5 seeds.

COURSES

## The edge of SGD

κ = s·σ₁(A₀)²·√λ/σ₁(ΔW*) and η₁ = 1/(s√λ·σ₁(ΔW*)). Where slow training ends, the steepest direction has the curvature √(κ² + 4)/η₁: *first unstable* is 2 over that. The flattest
minimum has 2/η₁, so that nothing settles above η₁. Five targets (also the landscape) × ranks 1 to 32 × three rules for s × 5 seeds at 32 × 32, 400 steps, each at 14 rates a factor of 1.1
apart, from 0.8 of *first unstable* on. A run settles if it converges, or if its loss never rises in its last 100 steps.

EDGES

Rotations can settle a little above η₁ for some hundred steps, before they leave. 2/q, of which the automatic rate is half, is 2η₁/(κ + 2): a safe bound, below both.

## The first step

For SGD from B = 0 and independent entries of A with variance v, E‖ΔW₁‖² = lr²s⁴v²‖ΔW*‖²·r(r + k + 1) (Gaussian entries; uniform ones: r + k − 0.2). For Adam and signSGD
E‖ΔW₁‖² = lr²s²·d·v·(r·k + (2/π)·r(r − 1)). With v fixed and r ≪ k, ‖ΔW₁‖ goes with r^−3/2, r^−½, r^½ for SGD under α/r, α/√r and 1, and with r^−½, r⁰, r^½ for Adam.

## Two dials

α → α/(p·q), A₀ → p·A₀ leave ΔW as it is at every step if the rates of A and B become p² and q² times what they were (SGD, momentum), or p and q times (Adam, with ε divided by p for A and q
for B; signSGD and Muon): to the bit if p and q are powers of two.
`;
