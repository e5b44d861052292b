"""Files written by the PEFT library, and its own ΔW: TORCH_PYTHON src/adapters/file/peft/golden/make_golden.py > peft.json.

Needs torch and peft (0.20). Each adapter is saved by PEFT, loaded by PEFT into the same base, and its ΔW is what
get_delta_weight says; of starts taken from W₀ also W₀, and what the layer adds to W₀·x, the change that the file stands for.
"""

import base64
import copy
import json
import pathlib
import sys
import tempfile

import torch
from peft import AdaLoraConfig, LoHaConfig, LoKrConfig, LoraConfig, PeftModel, get_peft_model


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = torch.nn.Linear(6, 8, bias=False)
        self.v_proj = torch.nn.Linear(6, 4, bias=False)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList(Layer() for _ in range(2))
        self.conv = torch.nn.Conv2d(4, 6, 3, bias=False)

    def forward(self, x):
        return x


LINEAR = ["q_proj", "v_proj"]
CASES = {
    "patterns": LoraConfig(
        r=2, lora_alpha=3, target_modules=LINEAR, init_lora_weights=False,
        rank_pattern={"v_proj": 3}, alpha_pattern={"layers.1.v_proj": 5, r".*1\.q_proj": 7},
    ),
    "two patterns": LoraConfig(
        r=2, lora_alpha=3, target_modules=LINEAR, init_lora_weights=False, use_rslora=True,
        alpha_pattern={"v_proj": 1, "layers.1.v_proj": 5},
    ),
    "lokr whole": LoKrConfig(
        r=8, alpha=4, target_modules=[*LINEAR, "conv"], init_weights=False, decompose_factor=2,
        alpha_pattern={"q_proj": 3}, rank_pattern={"conv": 16},
    ),
    "lokr": LoKrConfig(r=1, alpha=4, target_modules=[*LINEAR, "conv"], init_weights=False, decompose_both=True),
    "loha": LoHaConfig(
        r=2, alpha=4, target_modules=[*LINEAR, "conv"], init_weights=False, use_effective_conv2d=True,
        rank_pattern={"v_proj": 1},
    ),
    "adalora": AdaLoraConfig(init_r=3, lora_alpha=4, target_modules=LINEAR, total_step=10, init_lora_weights=False),
    "pissa": LoraConfig(r=2, lora_alpha=4, target_modules=LINEAR, init_lora_weights="pissa"),
    "olora": LoraConfig(r=2, lora_alpha=4, target_modules=LINEAR, init_lora_weights="olora"),
}
BEGUN = ["pissa", "olora"]


def added(layer, weight):
    """What the layer adds to W₀: its outputs for unit inputs, less W₀."""
    with torch.no_grad():
        return layer(torch.eye(weight.shape[1])).T - weight


def golden(name, config):
    torch.manual_seed(len(name))
    base = Model()
    model = get_peft_model(copy.deepcopy(base), config)
    model.create_or_update_model_card = lambda *_: None
    step = 0.05 if name in BEGUN else 0.3
    with torch.no_grad():
        for key, value in model.named_parameters():
            if any(part in key for part in ("lora_", "lokr_", "hada_")):
                value.add_(torch.randn_like(value) * step)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        read = PeftModel.from_pretrained(copy.deepcopy(base), folder)
        file = pathlib.Path(folder, "adapter_model.safetensors").read_bytes()
        text = json.loads(pathlib.Path(folder, "adapter_config.json").read_text())
    modules = {}
    for key, layer in read.named_modules():
        if not hasattr(layer, "get_delta_weight") or not key.startswith("base_model.model."):
            continue
        short = key.removeprefix("base_model.model.")
        modules[short] = {"norm": float(layer.get_delta_weight("default").double().norm())}
        if config.peft_type == "LORA":
            weight = base.get_submodule(short).weight
            modules[short]["added"] = float(added(layer, weight).double().norm())
            if name in BEGUN:
                modules[short]["weight"] = base64.b64encode(weight.detach().numpy().tobytes()).decode()
    keys = [
        "peft_type", "r", "init_r", "lora_alpha", "alpha", "rank_pattern", "alpha_pattern", "use_rslora", "target_modules",
        "init_lora_weights",
    ]
    kept = {key: sorted(text[key]) if key == "target_modules" else text[key] for key in keys if key in text}
    return {"name": name, "file": base64.b64encode(file).decode(), "config": kept, "modules": modules}


json.dump([golden(name, config) for name, config in CASES.items()], sys.stdout)
