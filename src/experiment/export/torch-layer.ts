/** The layer in PyTorch: of exported scripts, and of the lessons. */
export const TORCH_LAYER = `class LoRALinear(nn.Module):
    """h = W x + s·B(A x): W stays as it is, A and B are trained."""

    def __init__(self, W, A, B, s, bias=None):
        super().__init__()
        self.register_buffer("W", W)  # a buffer: no optimiser sees it
        self.register_buffer("bias", None if bias is None else bias.detach())
        self.A = nn.Parameter(A.clone())
        self.B = nn.Parameter(B.clone())
        self.s = s

    def forward(self, x):  # x: samples x K
        return nn.functional.linear(x, self.W, self.bias) + self.s * (x @ self.A.T) @ self.B.T`;
