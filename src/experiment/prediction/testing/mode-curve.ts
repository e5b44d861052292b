/**
 * The gradient flow of one direction, σ′ = S·√(κ² + 4σ²)·(l − σ), in closed form (κ ≠ 0): l the singular value of ΔW*, S =
 * s√λ, κ = s|c|/√λ, c = λa² − b². With D = √(4l² + κ²), u± = (2l ± D)/κ, u₀ = exp(asinh(2σ₀/κ)) and K = (u₀ − u₋)/(u₊ − u₀):
 * u = (u₊K + u₋e^{−SDt})/(K + e^{−SDt}), σ = (κ/4)(u − 1/u). t = lr·steps.
 */
export function modeCurve(l: number, S: number, kappa: number, sigma0 = 0) {
  const D = Math.sqrt(4 * l * l + kappa * kappa);
  const [up, down] = [(2 * l + D) / kappa, (2 * l - D) / kappa];
  const u0 = Math.exp(Math.asinh((2 * sigma0) / kappa));
  const K = (u0 - down) / (up - u0);
  return {
    at(t: number): number {
      const left = Math.exp(-S * D * t);
      const u = (up * K + down * left) / (K + left);
      return (kappa / 4) * (u - 1 / u);
    },
    /** The time at which σ = f·l. */
    timeTo(f: number): number {
      const u = Math.exp(Math.asinh((2 * f * l) / kappa));
      return (Math.log((u - down) / (up - u)) - Math.log(K)) / (S * D);
    },
  };
}
